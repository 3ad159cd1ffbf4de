import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { gate } from '../support/gate.js';
import { call, reach, stateOf } from '../support/page.js';
import { ada, bob, see, test } from '../support/scene.js';

/** Formats the state of the page: the wanted user, the owner of the chat's session, the widget and the next step. */
const state = async (page: Page) => {
  const { wanted, owner, widget, next } = await stateOf(page);
  const step = next.includes(' ') ? next : next === 'wait' ? 'wait for a response' : `none, ${next}`;
  return `wanted: ${wanted} | session of: ${owner} | widget: ${widget} | next: ${step}`;
};

test('stateOf() describes each state of a page from the first visit to a logout', async ({
  sandbox,
  site,
  page,
}) => {
  const story: string[] = [];
  const tell = async (event: string) => story.push(event, `  ${await state(page)}`);

  const answer = gate();
  site.onIdentityRequest = () => answer.opened;
  site.inlined = {};
  await page.goto(site.url);
  await see(sandbox, 'session 1');
  await page.waitForFunction('window.$chatwoot?.hasLoaded');
  await tell('First visit. The endpoint has not responded yet:');
  answer.release();
  await reach(page, 'anonymous');
  await tell('The endpoint has responded. The visitor is not signed in:');
  site.user = ada;
  await call(page, 'refresh');
  await see(sandbox, 'ada verified in 1');
  await tell('Ada has signed in. Chatwoot may still refuse the hash:');
  await reach(page, 'connected');
  await tell('Chatwoot has not refused the hash:');

  const next = gate();
  site.onIdentityRequest = () => next.opened;
  site.user = bob;
  await page.reload();
  await tell(
    'The page has been reloaded. The endpoint has not responded yet, and the browser has a session of Ada:',
  );
  next.release();
  await reach(page, 'connected');
  await tell('The endpoint has returned Bob, who has a new session:');
  await call(page, 'suspend');
  await tell('The app has hidden the chat:');
  await call(page, 'disconnect');
  await see(sandbox, 'session 3');
  await expect.poll(async () => (await stateOf(page)).widget).toBe('ready');
  await tell('Bob has signed out:');

  expect(story.join('\n')).toMatchInlineSnapshot(`
    "First visit. The endpoint has not responded yet:
      wanted: unknown | session of: anonymous | widget: ready | next: wait for a response
    The endpoint has responded. The visitor is not signed in:
      wanted: anonymous | session of: anonymous | widget: ready | next: none, anonymous
    Ada has signed in. Chatwoot may still refuse the hash:
      wanted: ada | session of: wanted user | widget: ready | next: none, connecting
    Chatwoot has not refused the hash:
      wanted: ada | session of: wanted user | widget: ready | next: none, connected
    The page has been reloaded. The endpoint has not responded yet, and the browser has a session of Ada:
      wanted: unknown | session of: other user | widget: absent | next: wait for a response
    The endpoint has returned Bob, who has a new session:
      wanted: bob | session of: wanted user | widget: ready | next: none, connected
    The app has hidden the chat:
      wanted: unknown | session of: other user | widget: ready | next: none, idle
    Bob has signed out:
      wanted: anonymous | session of: anonymous | widget: ready | next: none, idle"
  `);
});
