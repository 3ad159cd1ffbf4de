import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { gate } from '../support/gate.js';
import { call, reach, stateOf } from '../support/page.js';
import { ada, bob, see, test } from '../support/scene.js';

/** The state of the page in one line: the wanted user, the owner of the chat's session, the widget, the next step. */
const state = async (page: Page) => {
  const { wanted, owner, widget, next } = await stateOf(page);
  const step = next.includes(' ') ? next : next === 'wait' ? 'wait for an answer' : `none, ${next}`;
  return `wanted: ${wanted} | session of: ${owner} | widget: ${widget} | next: ${step}`;
};

test('prints the state of a page from the first visit to a logout', async ({ sandbox, site, page }) => {
  const story: string[] = [];
  const tell = async (event: string) => story.push(event, `  ${await state(page)}`);

  const answer = gate();
  site.onIdentityRequest = () => answer.opened;
  site.inlined = {};
  await page.goto(site.url);
  await see(sandbox, 'session 1');
  await page.waitForFunction('window.$chatwoot?.hasLoaded');
  await tell('A first visit. The endpoint has not answered yet:');
  answer.release();
  await reach(page, 'anonymous');
  await tell('The visitor is not signed in:');
  site.user = ada;
  await call(page, 'refresh');
  await see(sandbox, 'ada verified in 1');
  await tell('Ada has signed in. Chatwoot may still refuse her:');
  await reach(page, 'connected');
  await tell('Chatwoot has not refused her:');

  const next = gate();
  site.onIdentityRequest = () => next.opened;
  site.user = bob;
  await page.reload();
  await tell('A reload. The endpoint has not answered yet, and the browser holds a session of Ada:');
  next.release();
  await reach(page, 'connected');
  await tell('It was Bob. He has a session of his own:');
  await call(page, 'suspend');
  await tell('The app hides the chat:');
  await call(page, 'disconnect');
  await see(sandbox, 'session 3');
  await expect.poll(async () => (await stateOf(page)).widget).toBe('ready');
  await tell('Bob has signed out:');

  expect(story.join('\n')).toMatchInlineSnapshot(`
    "A first visit. The endpoint has not answered yet:
      wanted: unknown | session of: anonymous | widget: ready | next: wait for an answer
    The visitor is not signed in:
      wanted: anonymous | session of: anonymous | widget: ready | next: none, anonymous
    Ada has signed in. Chatwoot may still refuse her:
      wanted: ada | session of: wanted user | widget: ready | next: none, connecting
    Chatwoot has not refused her:
      wanted: ada | session of: wanted user | widget: ready | next: none, connected
    A reload. The endpoint has not answered yet, and the browser holds a session of Ada:
      wanted: unknown | session of: other user | widget: absent | next: wait for an answer
    It was Bob. He has a session of his own:
      wanted: bob | session of: wanted user | widget: ready | next: none, connected
    The app hides the chat:
      wanted: unknown | session of: other user | widget: ready | next: none, idle
    Bob has signed out:
      wanted: anonymous | session of: anonymous | widget: ready | next: none, idle"
  `);
});
