import type { Browser } from 'playwright-core';
import { expect } from 'vitest';
import { launchWithBackForwardCache } from '../support/back-forward-cache.js';
import { reach } from '../support/page.js';
import { account, ada, bob, test as scene, see } from '../support/scene.js';

// history.test.ts has the same tests without the back/forward cache.
const test = scene.extend<{ browser: Browser }>({
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from the pattern
    async ({}, use) => {
      const browser = await launchWithBackForwardCache();
      await use(browser);
      await browser.close();
    },
    { scope: 'file' },
  ],
});

test.for([
  ['with', {}],
  ['without', { identity_url: undefined }],
] as const)(
  "Back starts a new session on an anonymous page if the page's old session now belongs to Ada (%s an endpoint)",
  async ([, data], { sandbox, site, page }) => {
    site.headers = { 'cache-control': 'private, max-age=3600' };
    site.data = data;
    await page.goto(site.url);
    await reach(page, 'anonymous');
    site.user = ada;
    await page.goto(`${site.url}/?ada`);
    await see(sandbox, 'ada verified in 1');
    site.user = null;
    await page.goto(`${site.url}/?left`);
    await see(sandbox, 'session 2');
    await page.evaluate(() => history.go(-2));
    await see(sandbox, 'session 3');
  },
);

test.for([
  ['signed out', null, ['session 1', 'ada verified in 1', 'session 2']],
  ['Bob', bob, ['session 1', 'ada verified in 1', 'session 2', 'bob verified in 2']],
] as const)(
  "Back to Ada's page updates the chat if the visitor is now %s",
  async ([, user, record], { sandbox, site, page }) => {
    site.headers = { 'cache-control': 'private, max-age=3600' };
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    await page.goto(`${site.url}/bare`);
    site.user = user;
    // The page embeds the identity. The page script requests it again only if the page was restored from the cache.
    const restored = new Promise<void>((resolve) => {
      site.onIdentityRequest = resolve;
    });
    await page.evaluate(() => history.back());
    await restored;
    await see(sandbox, record.at(-1)!);
    expect(account(sandbox)).toEqual(record);
  },
);
