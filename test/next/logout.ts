import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { reach, write } from '../support/page.js';
import type { Site } from './site.js';
import { clickVisible, once, sandbox, test } from './visitor.js';

const bubble = (page: Page) => page.locator('.woot-widget-bubble').first();

async function go(page: Page, name: string): Promise<void> {
  await clickVisible(page, `go ${name}`);
  await arrive(page, name);
}

async function arrive(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { name }).locator('visible=true').waitFor();
}

const press = (page: Page, name: string) => clickVisible(page, name);

/** Waits until the chat is visible. The returned function resolves with true if the chat was hidden after that. */
export async function noteHiding(page: Page): Promise<() => Promise<boolean>> {
  await bubble(page).waitFor({ state: 'visible' });
  await page.evaluate(() => {
    new MutationObserver(() => {
      const element = document.querySelector('.woot-widget-bubble');
      if (!element?.checkVisibility({ visibilityProperty: true })) Object.assign(window, { wasHidden: true });
    }).observe(document, { attributes: true, childList: true, subtree: true });
  });
  return () => page.evaluate(() => 'wasHidden' in window);
}

/**
 * Tests logins and logouts without a page load. The cache of the router may still contain pages of the
 * previous user.
 */
export function logoutTests(site: () => Site): void {
  describe('without a page load,', () => {
    test('after a logout on a page without a chat, the next user gets a new chat session', async ({
      page,
      signIn,
      story,
    }) => {
      await signIn(site().url, 'alice');
      await page.goto(`${site().url}/here`);
      await story.see('alice verified in 1');
      await go(page, 'plain');
      await bubble(page).waitFor({ state: 'hidden' });
      await press(page, 'sign out by action');
      await press(page, 'sign in as bob by action');
      await expect
        .poll(async () => (await page.context().cookies()).find(({ name }) => name === 'who')?.value)
        .toBe('bob');
      await go(page, 'here');
      await story.see('bob verified in 2');
      expect(await write(page, sandbox, 'hello')).toBe('bob, verified');
      expect(story.lines()).toEqual([...once, 'session 2', 'bob verified in 2']);
    });

    test('a page with a chat requests the identity again if the previous page had no chat', async ({
      page,
      signIn,
      story,
      asked,
    }) => {
      await signIn(site().url, 'alice');
      await page.goto(`${site().url}/here`);
      await story.see('alice verified in 1');
      expect(asked).toEqual([]);
      await go(page, 'plain');
      await bubble(page).waitFor({ state: 'hidden' });
      await go(page, 'here');
      await bubble(page).waitFor({ state: 'visible' });
      await expect.poll(() => asked).toEqual([`${site().url}/chatwoot/identity`]);
      expect(story.lines()).toEqual(once);
    });

    test('a logout by fetch and router.refresh() on a page without a chat ends the chat session', async ({
      page,
      signIn,
      story,
    }) => {
      await signIn(site().url, 'alice');
      await page.goto(`${site().url}/here`);
      await story.see('alice verified in 1');
      await go(page, 'plain');
      await press(page, 'fetch and router.refresh()');
      await bubble(page).waitFor({ state: 'hidden' });
      await go(page, 'here');
      await reach(page, 'anonymous');
      expect(story.lines()).toEqual([...once, 'session 2']);
    });

    test('a logout by a link to a logout route ends the chat session, even if the user goes back to the previous page', async ({
      page,
      signIn,
      story,
    }) => {
      await signIn(site().url, 'alice');
      await page.goto(`${site().url}/here`);
      await story.see('alice verified in 1');
      await press(page, 'link to the logout route');
      await arrive(page, 'plain');
      await page.goBack();
      await arrive(page, 'here');
      await reach(page, 'anonymous');
      expect(story.lines()).toEqual([...once, 'session 2']);
    });

    test('a logout by disconnect() ends the chat session, even if a prefetched page contains the identity', async ({
      page,
      signIn,
      story,
    }) => {
      const loads: string[] = [];
      page.on('response', (response) => void loads.push(response.url()));
      const loadsOfThere = () => loads.filter((url) => url.includes('/there'));
      await signIn(site().url, 'alice');
      await page.goto(`${site().url}/here`);
      await story.see('alice verified in 1');
      await expect.poll(() => loadsOfThere().length).toBeGreaterThan(0); // The router prefetched the page while Alice was signed in.
      await press(page, 'fetch and disconnect()');
      await story.see('session 2');
      const prefetched = loadsOfThere();
      await go(page, 'there');
      await reach(page, 'anonymous');
      expect(story.lines()).toEqual([...once, 'session 2']);
      expect(loadsOfThere()).toEqual(prefetched);
    });

    test('by a server action of the page itself, although headers() has the cookies from before it', async ({
      page,
      signIn,
      story,
    }) => {
      await signIn(site().url, 'alice');
      await page.goto(`${site().url}/here`);
      await story.see('alice verified in 1');
      await press(page, 'sign in as bob by action');
      await story.see('bob verified in 2');
      await press(page, 'sign out by action');
      await story.see('session 3');
      await press(page, 'sign in as alice by action');
      await story.see('alice verified in 3');
      expect(story.lines()).toEqual([
        ...once,
        'session 2',
        'bob verified in 2',
        'session 3',
        'alice verified in 3',
      ]);
    });

    test('by disconnect(), followed by a login of the same user by action', async ({
      page,
      signIn,
      story,
    }) => {
      await signIn(site().url, 'alice');
      await page.goto(`${site().url}/here`);
      await story.see('alice verified in 1');
      await press(page, 'fetch and disconnect()');
      await story.see('session 2');
      await press(page, 'sign in as alice by action');
      await story.see('alice verified in 2');
    });

    test('by refresh(), followed by a logout by action', async ({ page, story }) => {
      await page.goto(`${site().url}/here`);
      await story.see('session 1');
      await reach(page, 'anonymous');
      await press(page, 'sign in as alice by fetch and refresh()');
      await story.see('alice verified in 1');
      await press(page, 'sign out by action');
      await story.see('session 2');
    });

    test('by refresh(): a page that was prefetched for an anonymous visitor does not end the chat', async ({
      page,
      story,
    }) => {
      const loads: string[] = [];
      page.on('response', (response) => void loads.push(response.url()));
      await page.goto(`${site().url}/here`);
      await story.see('session 1');
      await reach(page, 'anonymous');
      await expect.poll(() => loads.some((url) => url.includes('/there'))).toBe(true);
      await press(page, 'sign in as alice by fetch and refresh()');
      await story.see('alice verified in 1');
      await go(page, 'there');
      await reach(page, 'connected');
      expect(await write(page, sandbox, 'still me')).toBe('alice, verified');
      expect(story.lines()).toEqual(once);
    });

    test('before the first page with a chat, which was prefetched for another user', async ({
      page,
      signIn,
      story,
    }) => {
      const loads: string[] = [];
      page.on('response', (response) => void loads.push(response.url()));
      await signIn(site().url, 'bob');
      await page.goto(`${site().url}/plain`);
      await expect.poll(() => loads.some((url) => url.includes('/there'))).toBe(true);
      await press(page, 'sign in as alice by fetch');
      await expect
        .poll(async () => (await page.context().cookies()).find(({ name }) => name === 'who')?.value)
        .toBe('alice');
      await go(page, 'there');
      await story.see('alice verified in 1');
      await reach(page, 'connected');
      expect(story.lines()).toEqual(once);
    });

    test('navigations between pages with a chat do not hide the chat', async ({ page, signIn, story }) => {
      await signIn(site().url, 'alice');
      await page.goto(`${site().url}/here`);
      await story.see('alice verified in 1');
      const wasHidden = await noteHiding(page);
      for (const name of ['there', 'here', 'there']) await go(page, name);
      await reach(page, 'connected');
      expect(await wasHidden()).toBe(false);
      expect(story.lines()).toEqual(once);
    });
  });
}
