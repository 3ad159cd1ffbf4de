import { describe, expect } from 'vitest';
import { call, connect, options, reach, write } from '../support/page.js';
import { account, ada, bob, see, test } from '../support/scene.js';

describe.concurrent('suspend()', () => {
  test('hides the chat and preserves the session until connect() shows the chat again', async ({
    sandbox,
    site,
    page,
  }) => {
    site.user = ada;
    await page.goto(`${site.url}/app`);
    await connect(page, site, ada);
    await reach(page, 'connected');
    const bubble = page.locator('.woot-widget-bubble').first();
    await bubble.waitFor({ state: 'visible' });
    await call(page, 'suspend');
    await bubble.waitFor({ state: 'hidden' });
    await reach(page, 'idle');
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await call(page, 'refresh');
    await page.evaluate(() => window.chat.toggle('open'));
    expect(await bubble.isVisible()).toBe(false);
    await connect(page, site, ada);
    await bubble.waitFor({ state: 'visible' });
    await reach(page, 'connected');
    expect(await write(page, sandbox, 'back')).toBe('ada, verified');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
  });

  test.for([
    ['signed out', null, ['session 1', 'ada verified in 1', 'session 2'], 'anonymous'],
    [
      'been replaced',
      bob,
      ['session 1', 'ada verified in 1', 'session 2', 'bob verified in 2'],
      'bob, verified',
    ],
  ] as const)(
    'makes the next connect() request the identity from the endpoint (the user has %s)',
    async ([, user, record, author], { sandbox, site, page }) => {
      site.user = ada;
      await page.goto(`${site.url}/app`);
      await connect(page, site, ada);
      await reach(page, 'connected');
      await call(page, 'suspend');
      site.user = user;
      await connect(page, site, ada);
      await see(sandbox, record.at(-1)!);
      await reach(page, user ? 'connected' : 'anonymous');
      expect(await write(page, sandbox, 'who?')).toBe(author);
      expect(account(sandbox)).toEqual(record);
    },
  );

  test('hides a widget that is still loading', async ({ sandbox, site, page }) => {
    site.user = ada;
    await page.goto(`${site.url}/app`);
    await connect(page, site, ada);
    await call(page, 'suspend');
    await see(sandbox, 'session 1');
    await page.locator('.woot-widget-bubble').first().waitFor({ state: 'hidden' });
    await connect(page, site, ada);
    await see(sandbox, 'ada verified in 1');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
  });

  test('stops retries of a failed endpoint request until connect() is called', async ({ site, page }) => {
    await page.clock.install();
    site.failure = 503;
    await page.goto(`${site.url}/app`);
    await page.evaluate((options) => void window.chat.connect(undefined, options), options(site));
    await reach(page, 'unavailable');
    await call(page, 'suspend');
    const { length } = site.identityRequests;
    await page.clock.fastForward(60_000);
    await page.evaluate(() => fetch('/bare'));
    expect(site.identityRequests).toHaveLength(length);
    site.failure = undefined;
    site.user = ada;
    await connect(page, site, null);
    await reach(page, 'connected');
  });

  test('keeps the chat hidden when disconnect() ends the session', async ({
    sandbox,
    site,
    page,
    context,
  }) => {
    site.user = ada;
    await page.goto(`${site.url}/app`);
    await connect(page, site, ada);
    await reach(page, 'connected');
    await call(page, 'suspend');
    site.user = null;
    await call(page, 'disconnect');
    expect((await context.cookies()).map(({ name }) => name)).not.toContain(
      `cw_user_${sandbox.websiteToken}`,
    );
    await see(sandbox, 'session 2');
    await page.locator('.woot-widget-bubble').first().waitFor({ state: 'hidden' });
    await reach(page, 'idle');
  });
});
