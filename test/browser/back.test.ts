import { describe, expect } from 'vitest';
import { call, collect, collected, reach, write } from '../support/page.js';
import { account, ada, bob, see, test } from '../support/scene.js';

describe.concurrent('a change of user without a page load', () => {
  test.for([
    ['another user', bob, 'bob verified in 2', 'connected'],
    ['an anonymous visitor', null, 'session 2', 'anonymous'],
  ] as const)(
    "does not let Back load the previous user's session (changed to %s)",
    async ([, user, line, status], { sandbox, site, page }) => {
      site.user = ada;
      await page.goto(`${site.url}/bare`);
      await page.goto(site.url);
      await reach(page, 'connected');
      site.user = user;
      await call(page, 'refresh');
      await see(sandbox, line);
      await reach(page, status);
      const record = account(sandbox);
      await page.goBack();
      expect(page.url()).toBe(`${site.url}/bare`);
      expect(account(sandbox)).toEqual(record);
      expect(record.join()).not.toContain('resumed');
    },
  );

  test('adds no entry to the history', async ({ sandbox, site, page }) => {
    site.user = ada;
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
    const before = await page.evaluate('history.length');
    for (const [user, line] of [
      [null, 'session 2'],
      [bob, 'bob verified in 2'],
      [null, 'session 3'],
    ] as const) {
      site.user = user;
      await call(page, 'refresh');
      await see(sandbox, line);
    }
    expect(await page.evaluate('history.length')).toBe(before);
  });
});

test.concurrent('a widget that reloads with the session of a signed-out user is reset', async ({
  sandbox,
  site,
  page,
  context,
}) => {
  site.user = ada;
  await collect(page);
  await page.goto(site.url);
  await reach(page, 'connected');
  const [cookie] = (await context.cookies()).filter(({ name }) => name === 'cw_conversation');
  site.user = bob;
  await call(page, 'refresh');
  await reach(page, 'connected');
  // Simulates Back in an engine that has added the iframe's earlier URL to the history.
  await page.evaluate((session) => {
    const frame = document.querySelector<HTMLIFrameElement>('#chatwoot_live_chat_widget')!;
    frame.src = `${frame.src}&cw_conversation=${session}`;
  }, cookie!.value);
  await see(sandbox, 'resumed 1');
  await see(sandbox, 'bob verified in 3');
  expect(await write(page, sandbox, 'who?')).toBe('bob, verified');
  expect(account(sandbox)).toEqual([
    'session 1',
    'ada verified in 1',
    'session 2',
    'bob verified in 2',
    'resumed 1',
    'session 3',
    'bob verified in 3',
  ]);
  // Chatwoot creates a new session for Bob in any case. The second reset shows that Ada's session was discarded.
  expect((await collected(page)).filter((line) => line === 'reset null')).toHaveLength(2);
});
