import { describe, expect } from 'vitest';
import { noteHiding } from './logout.js';
import type { Site } from './site.js';
import { clickVisible, once, sandbox, test } from './visitor.js';

/** Tests of the chat in Chromium, in production. */
export function chatTests(site: () => Site): void {
  describe('in Chromium', () => {
    test('fetches the identity once from identityUrl, however often the page renders', async ({
      page,
      signIn,
      connected,
      story,
      asked,
    }) => {
      await signIn(site().url, 'alice');
      await page.goto(`${site().url}/fetched`);
      await connected();
      await page.getByText('rendered 0').click();
      await page.getByText('rendered 1').click();
      await page.getByText('rendered 2').waitFor();
      expect(asked).toEqual([`${site().url}/chatwoot/identity`]);
      expect(story.lines()).toEqual(once);
    });

    test('<Activity>: hiding the component does not end the chat', async ({
      page,
      signIn,
      connected,
      story,
      asked,
    }) => {
      await signIn(site().url, 'alice');
      await page.goto(`${site().url}/fetched`);
      await connected();
      await page.getByText('visible').click();
      await page.getByText('hidden').click();
      await page.getByText('visible').waitFor();
      await expect.poll(() => asked.length).toBe(2);
      await connected();
      expect(story.lines()).toEqual(once);
    });

    test('a widget that is unmounted briefly fetches the identity again, without hiding the chat', async ({
      page,
      signIn,
      connected,
      story,
      asked,
    }) => {
      await signIn(site().url, 'alice');
      await page.goto(`${site().url}/fetched`);
      await connected();
      const wasHidden = await noteHiding(page);
      await page.getByText('unmount for a moment').click();
      await expect.poll(() => asked.length).toBe(2);
      await connected();
      expect(await wasHidden()).toBe(false);
      expect(story.lines()).toEqual(once);
    });

    test('<Chatwoot /> on several pages: navigations do not affect the chat', async ({
      page,
      signIn,
      story,
    }) => {
      await signIn(site().url, 'alice');
      await page.goto(`${site().url}/here`);
      await story.see('alice verified in 1');
      for (const name of ['there', 'here', 'there']) {
        await clickVisible(page, `go ${name}`);
        await page.getByRole('heading', { name }).locator('visible=true').waitFor();
      }
      expect(story.lines()).toEqual(once);
      expect(await page.locator('script[src$="/packs/js/sdk.js"]').count()).toBe(1);
    });

    test('headers are sent to the endpoint, also those that a later render passes', async ({
      page,
      story,
    }) => {
      await page.goto(`${site().url}/bearer`);
      await story.see('alice verified in 1');
      await page.getByText('token of bob').click();
      await story.see('bob verified in 2');
    });

    test('a change of userKey fetches the identity again, even if the page contains one', async ({
      page,
      signIn,
      story,
      asked,
    }) => {
      await signIn(site().url, 'alice');
      await page.goto(`${site().url}/keyed`);
      await story.see('alice verified in 1');
      expect(asked).toEqual([]);
      await page.getByText('sign out').click();
      await story.see('session 2');
      expect(asked).toEqual([`${site().url}/api/identity`]);
    });

    test.for([
      ['of a nonce, on a dynamic page', '/nonce'],
      ['that lists addresses, on a static page', '/listed'],
    ])('a Content-Security-Policy %s', async ([, path], { page, signIn, story, complaints }) => {
      await signIn(site().url, 'alice');
      const response = await page.goto(site().url + path);
      expect(response?.headers()['content-security-policy']).toContain(sandbox.baseUrl);
      await expect.poll(() => [...complaints, ...story.lines()]).toEqual(once); // a violation would be logged in the console
    });

    test("the browser's cache gives no user another user's identity, even if next.config's headers() make the response public", async ({
      page,
      signIn,
    }) => {
      await signIn(site().url, 'alice');
      await page.goto(`${site().url}/here`);
      const ask = () =>
        page.evaluate(async () => (await (await fetch('/shop/overridden/identity')).json()).identifier);
      expect(await ask()).toBe('alice');
      await signIn(site().url, 'bob');
      expect(await ask()).toBe('bob');
    });
  });
}
