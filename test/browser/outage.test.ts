import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { call, collect, collected, connect, reach, write } from '../support/page.js';
import { account, ada, see, test } from '../support/scene.js';
import type { Site } from '../support/site.js';

/** Responds to the first `times` requests of `set_user` with 502, and counts these requests. */
async function failUsers(page: Page, times: number) {
  const failed = { count: 0 };
  await page.route(
    '**/set_user*',
    (route) => {
      failed.count++;
      return route.fulfill({ status: 502, body: 'Bad gateway' });
    },
    { times },
  );
  return failed;
}

const look = (page: Page) => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));

describe.concurrent('while Chatwoot is down,', () => {
  test.for<[string, (page: Page, site: Site) => Promise<unknown>]>([
    ['by a timer', async () => {}],
    ['when the page becomes visible', look],
    ['when the browser is online again', (page) => page.evaluate(() => dispatchEvent(new Event('online')))],
    ['after refresh()', (page) => call(page, 'refresh')],
    ['after connect()', (page, site) => connect(page, site, ada)],
  ])(
    'the page sends the user again after two failed requests, without a reload (%s)',
    async ([, act], { sandbox, site, page }) => {
      await failUsers(page, 2);
      site.user = ada;
      await page.goto(`${site.url}/app`);
      await connect(page, site, ada);
      await reach(page, 'refused');
      await act(page, site);
      await see(sandbox, 'ada verified in 1');
      await reach(page, 'connected');
      expect(await write(page, sandbox, 'here')).toBe('ada, verified');
      expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
    },
  );

  test('the page sends only four requests, even after many visibility and online events', async ({
    expect,
    sandbox,
    site,
    page,
  }) => {
    const failed = await failUsers(page, 1_000);
    site.user = ada;
    await collect(page);
    await page.goto(site.url);
    await reach(page, 'refused');
    await expect.poll(() => failed.count).toBe(4); // The next retry follows after 16 seconds.
    for (let time = 0; time < 50; time++) await look(page);
    await page.evaluate(() => {
      for (let time = 0; time < 200; time++) dispatchEvent(new Event('online'));
    });
    expect(failed.count).toBe(4);
    expect(await collected(page)).toEqual(['refused {"reason":"error"}']);
    expect(account(sandbox)).toEqual(['session 1']);
  });

  test('an app that calls refresh() after every refusal causes at most one request a second', async ({
    expect,
    site,
    page,
  }) => {
    await page.clock.install();
    const failed = await failUsers(page, 1_000);
    site.user = ada;
    await page.goto(`${site.url}/app`);
    await page.evaluate(() =>
      window.chat.subscribe(() => window.chat.status() === 'refused' && void window.chat.refresh()),
    );
    await connect(page, site, ada);
    await expect.poll(() => failed.count).toBeGreaterThan(2);
    // Stops the clock: the page retries only when the test advances the clock.
    await page.clock.pauseAt(await page.evaluate(() => Date.now() + 60_000));
    const settled = async () => {
      let before: number;
      do {
        before = failed.count;
        for (let time = 0; time < 50; time++) await page.evaluate(() => fetch('/bare'));
      } while (failed.count !== before);
      return before;
    };
    const count = await settled();
    await page.clock.runFor(1_000);
    await expect.poll(() => failed.count).toBe(count + 1);
    expect(await settled()).toBe(count + 1);
  });

  test('the page does not send a refused hash again', async ({ sandbox, site, page }) => {
    site.user = ada;
    site.inbox = { ...site.inbox, hmacToken: 'wyHVRZzzJhjPMKR2h7LpeJVy' };
    await page.goto(site.url);
    await reach(page, 'refused');
    await look(page);
    await call(page, 'refresh');
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await reach(page, 'refused');
    expect(account(sandbox)).toEqual(['session 1', 'ada 401 in 1', 'ada 401 in 1']);
  });
});

describe.concurrent('while the endpoint fails,', () => {
  test('the page retries the request without waiting for an event', async ({ sandbox, site, page }) => {
    let left = 2;
    site.failure = 502;
    site.onIdentityRequest = () => {
      if (left-- === 0) site.failure = undefined;
    };
    site.user = ada;
    site.inlined = {};
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
    expect(site.identityRequests).toHaveLength(3);
  });

  test('the page sends only four requests to the endpoint', async ({ expect, site, page }) => {
    site.failure = 502;
    site.inlined = {};
    await collect(page);
    await page.goto(site.url);
    await expect.poll(() => site.identityRequests.length).toBe(4);
    for (let time = 0; time < 50; time++) await look(page);
    expect(site.identityRequests).toHaveLength(4);
    expect(await collected(page)).toEqual(['unavailable {"reason":"session"}']);
  });

  test('refresh() does not wait for an hour if the clock is set back by an hour', async ({ site, page }) => {
    site.failure = 502;
    site.inlined = {};
    await page.goto(site.url);
    await reach(page, 'unavailable');
    await page.evaluate(() => {
      const { now } = Date;
      Date.now = () => now() - 3_600_000;
    });
    site.failure = undefined;
    site.user = ada;
    await call(page, 'refresh');
    await reach(page, 'connected');
  });
});

test.concurrent('a page that the visitor is leaving reports no status', async ({ site, page }) => {
  const lines: string[] = [];
  page.on('console', (message) => lines.push(message.text()));
  await page.clock.install();
  await page.route('**/chatwoot/identity?*', (route) => route.abort());
  site.inlined = {};
  await collect(page);
  await page.goto(`${site.url}/bare`);
  await page.clock.pauseAt(Date.now() + 1_000);
  const aborted = page.waitForEvent('requestfailed');
  await page.goto(site.url);
  await aborted;
  await page.evaluate(() => 0); // By now the page has handled the failure.
  expect(await collected(page)).toEqual([]);
  await page.evaluate(() => Object.defineProperty(document, 'hidden', { value: true }));
  await page.clock.runFor(1_000);
  expect(await collected(page)).toEqual([]);
  expect(lines.filter((line) => line.startsWith('[chatwoot-identity]'))).toEqual([]);
});
