import type { Page } from 'playwright-core';

/** A request that waits for its release, and that says when it has come. */
export function gate() {
  let release = () => {};
  const opened = new Promise<void>((resolve) => {
    release = resolve;
  });
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  return { arrive, arrived, release, opened };
}

/** Keeps requests back until they are released. */
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
