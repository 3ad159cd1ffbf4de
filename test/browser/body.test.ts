import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { call, reach, write } from '../support/page.js';
import { account, ada, bob, see, test } from '../support/scene.js';

/**
 * Replaces the body with a new one and runs the scripts in it, as Turbo and htmx do.
 *
 * @param html the HTML of a snapshot, or `server` to request the page again
 */
async function visit(page: Page, html: string | 'server'): Promise<void> {
  await page.evaluate(async (html) => {
    const text = html === 'server' ? await (await fetch('/')).text() : html;
    const body = document.adoptNode(new DOMParser().parseFromString(text, 'text/html').body);
    for (const old of body.querySelectorAll('script')) {
      const script = document.createElement('script');
      for (const { name, value } of old.attributes) script.setAttribute(name, value);
      script.textContent = old.textContent;
      old.replaceWith(script);
    }
    document.documentElement.replaceChild(body, document.body);
  }, html);
}

const snapshot = (page: Page) => page.evaluate(() => document.body.outerHTML);

describe.concurrent('the chat on a page that replaces its body', () => {
  test('is restored with the same session after each replacement', async ({ sandbox, site, page }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    for (let time = 1; time <= 6; time++) {
      await visit(page, '<body>Another page, without the script</body>');
      await see(sandbox, 'resumed 1', time);
      await reach(page, 'connected');
    }
    expect(await write(page, sandbox, 'still here')).toBe('ada, verified');
    expect(new Set(account(sandbox))).toEqual(new Set(['session 1', 'ada verified in 1', 'resumed 1']));
  });

  test('opens a new session if the new body is for another user', async ({ sandbox, site, page }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    site.user = bob;
    await visit(page, 'server');
    await see(sandbox, 'bob verified in 2');
    await reach(page, 'connected');
    expect(await write(page, sandbox, 'hi')).toBe('bob, verified');
    expect(account(sandbox).join()).not.toContain('resumed');
  });

  test('is reported as unavailable if the SDK cannot be loaded again', async ({ site, page }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    await page.route('**/packs/js/sdk.js', (route) => route.abort());
    await visit(page, '<body>Another page</body>');
    await reach(page, 'unavailable');
  });
});

describe.concurrent('a snapshot of the page that is restored after a logout', () => {
  test('contains no identity, and the visitor remains anonymous', async ({ sandbox, site, page }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    const html = await snapshot(page);
    expect(html).not.toMatch(/identifier|ada/i);
    site.user = null;
    await call(page, 'disconnect');
    await see(sandbox, 'session 2');
    await reach(page, 'anonymous');
    await visit(page, html);
    await see(sandbox, 'resumed 2');
    await reach(page, 'anonymous');
    expect(await write(page, sandbox, 'who?')).toBe('anonymous');
    // The copy of the chat's iframe in the snapshot may have started to load before the page script removed it.
    expect(sandbox.record.findLast(({ type }) => type === 'message_created')).toMatchObject({
      sessionId: sandbox.sessions[1]!.id,
    });
  });

  test('causes a request to the endpoint and does not connect the user, even if the snapshot contains an identity', async ({
    expect,
    sandbox,
    site,
    page,
  }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    const html = await page.evaluate(async () => (await fetch('/')).text());
    expect(html).toContain('identifier_hash');
    site.user = null;
    await call(page, 'disconnect');
    await reach(page, 'anonymous');
    await visit(page, html);
    await expect.poll(() => site.identityRequests.length).toBe(1);
    await see(sandbox, 'resumed 2');
    await reach(page, 'anonymous');
    expect(await write(page, sandbox, 'who?')).toBe('anonymous');
    expect(account(sandbox).filter((line) => line.startsWith('ada'))).toEqual(['ada verified in 1']);
  });

  test("does not resume the user's session, even if the snapshot contains a copy of the chat", async ({
    sandbox,
    site,
    page,
  }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    await page.reload(); // the address of the iframe now contains the session
    await reach(page, 'connected');
    const html = await snapshot(page);
    expect(html).toContain('cw_conversation=');
    site.user = null;
    await call(page, 'disconnect');
    await see(sandbox, 'session 2');
    await reach(page, 'anonymous');
    await visit(page, html);
    await see(sandbox, 'resumed 2');
    await reach(page, 'anonymous');
    expect(await page.locator('#chatwoot_live_chat_widget').count()).toBe(1);
    expect(await page.locator('.woot--bubble-holder').count()).toBe(1);
    expect(await write(page, sandbox, 'who?')).toBe('anonymous');
    expect(account(sandbox).filter((line) => line.startsWith('ada'))).toEqual(['ada verified in 1']);
    expect(account(sandbox).at(-1)).toBe('resumed 2');
  });

  test('loses its copy of the chat in a page where the chat has not started', async ({
    sandbox,
    site,
    page,
  }) => {
    site.data = { anonymous: 'hide' };
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    await page.reload(); // the address of the iframe now contains the session
    await reach(page, 'connected');
    const html = await snapshot(page);
    expect(html).toContain('cw_conversation=');
    site.user = null;
    await page.goto(site.url);
    await reach(page, 'anonymous');
    await visit(page, html);
    expect(await page.locator('iframe, .woot--bubble-holder').count()).toBe(0);
    await reach(page, 'anonymous');
    expect(account(sandbox).filter((line) => line.startsWith('session'))).toEqual(['session 1']);
  });

  test('contains no session if htmx stores it', async ({ site, page }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    await page.reload(); // the address of the iframe now contains the session
    await reach(page, 'connected');
    // As in htmx 1.9 and 2.0, before they write to localStorage and sessionStorage.
    const stored = await page.evaluate(() => {
      const item = { url: '/', content: document.body.innerHTML };
      const detail = { item, cache: [] };
      document.body.dispatchEvent(new CustomEvent('htmx:historyItemCreated', { detail, bubbles: true }));
      return item.content;
    });
    expect(stored).toContain('woot-widget-holder');
    expect(stored).not.toContain('cw_conversation=');
  });
});
