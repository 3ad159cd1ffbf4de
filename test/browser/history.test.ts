import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { reach } from '../support/page.js';
import { account, ada, bob, test as scene, see } from '../support/scene.js';

// history.machine.ts has the same tests with the real back/forward cache, which the bundled Chromium does not have.
const test = scene.extend<{ page: Page }>({
  async page({ context }, use) {
    const page = await context.newPage();
    await page.addInitScript(() => {
      // A page in the back/forward cache receives no events from other tabs. This listener was added to `window` first,
      // so it can stop those events.
      for (const name of ['storage', 'visibilitychange', 'online'])
        addEventListener(name, (event) => isFrozen && event.stopImmediatePropagation(), { capture: true });
      let isFrozen = false;
      Object.assign(window, {
        freeze() {
          isFrozen = true;
        },
        restore() {
          isFrozen = false;
          dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
        },
      });
    });
    await use(page);
  },
});

const freeze = (page: Page) => page.evaluate(() => window.freeze());
const restore = (page: Page) => page.evaluate(() => window.restore());

test.for([
  ['with', {}],
  ['without', { identity_url: undefined }],
] as const)(
  'a restored anonymous page starts a new session if its old session now belongs to Ada (%s an endpoint)',
  async ([, data], { sandbox, site, page, context }) => {
    site.data = data;
    await page.goto(site.url);
    await reach(page, 'anonymous');
    await freeze(page);

    const next = await context.newPage();
    site.user = ada;
    await next.goto(`${site.url}/?ada`);
    await see(sandbox, 'ada verified in 1');
    site.user = null;
    await next.goto(`${site.url}/?left`);
    await see(sandbox, 'session 2');
    await next.close();

    await restore(page);
    await see(sandbox, 'session 3');
  },
);

test.for([
  ['signed out', null, ['session 1', 'ada verified in 1', 'session 2']],
  ['Bob', bob, ['session 1', 'ada verified in 1', 'session 2', 'bob verified in 2']],
] as const)(
  "Ada's restored page updates the chat if the visitor is now %s",
  async ([, user, record], { sandbox, site, page }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    await freeze(page);
    site.user = user;
    await restore(page);
    await see(sandbox, record.at(-1)!);
    expect(account(sandbox)).toEqual(record);
  },
);

declare global {
  interface Window {
    /** Stops events from other tabs, as the back/forward cache does. */
    freeze(): void;
    /** Lets events through again, and dispatches the `pageshow` event of a restored page. */
    restore(): void;
  }
}
