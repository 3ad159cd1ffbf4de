import { describe, expect } from 'vitest';
import { call, reach, write } from '../support/page.js';
import { ada, bob, see, test } from '../support/scene.js';

describe.concurrent('with two tabs,', () => {
  test('a logout in one tab ends the session in the other tab', async ({ sandbox, site, page, context }) => {
    const tab = await context.newPage();
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    await tab.goto(site.url);
    await reach(tab, 'connected');
    site.user = null;
    await call(page, 'disconnect');
    await reach(tab, 'anonymous');
    expect(await write(tab, sandbox, 'hi')).toBe('anonymous');
    expect(await write(page, sandbox, 'ho')).toBe('anonymous');
  });

  test('a logout in one tab ends the session in the other tab, even without an endpoint', async ({
    sandbox,
    site,
    page,
    context,
  }) => {
    const tab = await context.newPage();
    site.data = { identity_url: undefined };
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    await tab.goto(site.url);
    await reach(tab, 'connected');
    await call(page, 'disconnect');
    await reach(tab, 'anonymous');
    expect(await write(tab, sandbox, 'hi')).toBe('anonymous');
    expect(await write(page, sandbox, 'ho')).toBe('anonymous');
  });

  test('an anonymous tab gets a new session after a login in the other tab', async ({
    sandbox,
    site,
    page,
    context,
  }) => {
    const tab = await context.newPage();
    site.data = { identity_url: undefined };
    await page.goto(site.url);
    await reach(page, 'anonymous');
    await tab.goto(site.url);
    await reach(tab, 'anonymous');
    const reset = tab.evaluate(
      () => new Promise((resolve) => addEventListener('chatwoot-identity:reset', resolve, { once: true })),
    );
    site.user = ada;
    await page.reload();
    await see(sandbox, 'ada verified in 1');
    await reset;
    await reach(page, 'connected');
    await call(page, 'disconnect');
    await reach(page, 'anonymous');
    await reach(tab, 'anonymous');
    expect(await write(tab, sandbox, 'hi')).toBe('anonymous');
  });

  test.for([
    ['with', {}],
    ['without', { identity_url: undefined }],
  ] as const)(
    "an anonymous tab that missed a login and a logout in the other tab does not use the user's session (%s an endpoint)",
    async ([, data], { sandbox, site, page, context }) => {
      const tab = await context.newPage();
      site.data = data;
      await page.goto(site.url);
      await reach(page, 'anonymous');
      // Ada signs in and out in the other tab. Without storage events, this tab notices only when it becomes
      // visible.
      await tab.addInitScript(() => addEventListener('storage', (event) => event.stopImmediatePropagation()));
      await tab.goto(site.url);
      await reach(tab, 'anonymous');
      site.user = ada;
      await page.reload();
      await see(sandbox, 'ada verified in 1');
      site.user = null;
      await call(page, 'disconnect');
      await tab.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
      await see(sandbox, 'session 3');
      expect(await write(tab, sandbox, 'who?')).toBe('anonymous');
    },
  );

  test('a change of user in one tab changes the user in the other tab', async ({
    sandbox,
    site,
    page,
    context,
  }) => {
    const tab = await context.newPage();
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    await tab.goto(site.url);
    await reach(tab, 'connected');
    site.user = bob;
    await call(page, 'refresh');
    await reach(page, 'connected');
    await reach(tab, 'connected');
    expect(await write(tab, sandbox, 'hi')).toBe('bob, verified');
    expect(await write(page, sandbox, 'ho')).toBe('bob, verified');
  });

  test('the other tab becomes anonymous even if disconnect() is called before the app ends the login', async ({
    sandbox,
    site,
    page,
    context,
  }) => {
    const tab = await context.newPage();
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    await tab.goto(site.url);
    await reach(tab, 'connected');
    await call(page, 'disconnect'); // The endpoint still returns Ada, so the other tab remains connected.
    await reach(tab, 'connected');
    site.user = null;
    await call(page, 'refresh');
    await reach(tab, 'anonymous');
    expect(await write(tab, sandbox, 'hi')).toBe('anonymous');
  });

  test('an endpoint that returns a different user to each tab does not cause endless requests and sessions', async ({
    sandbox,
    site,
    page,
    context,
  }) => {
    const tab = await context.newPage();
    let requests = 0;
    for (const [each, user] of [
      [page, ada],
      [tab, bob],
    ] as const) {
      await each.clock.install();
      await each.route('**/chatwoot/identity?*', (route) => {
        requests++;
        return route.fulfill({ json: site.identity(user) });
      });
    }
    site.inlined = {};
    await page.goto(site.url);
    await reach(page, 'connected');
    await tab.goto(site.url);
    await see(sandbox, 'bob verified in 2');
    /** Advances the clocks of both tabs, and waits until the tabs send no more requests. */
    const run = async (milliseconds: number) => {
      for (const each of [page, tab]) await each.clock.runFor(milliseconds);
      let before: number;
      do {
        before = requests + sandbox.record.length;
        await page.evaluate(async () => {
          for (let time = 0; time < 20; time++) await fetch('/bare');
        });
      } while (requests + sandbox.record.length !== before);
    };
    const now = await page.evaluate(() => Date.now());
    for (const each of [page, tab]) await each.clock.pauseAt(now + 60_000);
    for (let time = 0; time < 10; time++) await run(20_000);
    const before = requests;
    for (let time = 0; time < 20; time++) await run(1_000);
    expect(requests - before).toBeLessThanOrEqual(2);
  });

  test('a tab starts a new session when it becomes visible after the server has expired the cookies', async ({
    sandbox,
    site,
    page,
    context,
  }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    site.user = null;
    await context.clearCookies();
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await see(sandbox, 'session 2');
    expect(await write(page, sandbox, 'hi')).toBe('anonymous');
  });
});
