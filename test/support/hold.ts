import type { Page } from 'playwright-core';
import { gate } from './gate.js';

/** Holds the page's requests for `url` until `release` of the returned gate is called. */
export async function hold(page: Page, url: string, options?: { times: number }) {
  const held = gate();
  await page.route(
    url,
    async (route) => {
      held.arrive();
      await held.opened;
      await route.continue();
    },
    options,
  );
  return held;
}
