import type { Identity } from '@chatwoot-identity/browser';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { gate } from '../support/gate.js';
import { hold } from '../support/hold.js';
import { call, collect, collected, connect, options, reach, wants, write } from '../support/page.js';
import { account, ada, bob, see, test } from '../support/scene.js';
import type { Person, Site } from '../support/site.js';

/** Delays the responses of the endpoint. Each response is created when the request arrives, and sent later. */
async function holdAnswer(page: Page, options?: { times: number }) {
  const held = gate();
  await page.route(
    '**/chatwoot/identity?*',
    async (route) => {
      const response = await route.fetch();
      held.arrive();
      await held.opened;
      await route.fulfill({ response });
    },
    options,
  );
  return held;
}

/** Calls `connect` for each user in a single task of the event loop. */
const connectAll = (page: Page, site: Site, people: (Person | null)[]) =>
  page.evaluate(
    ([identities, options]) => {
      for (const identity of identities) void window.chat.connect(identity as Identity | null, options);
    },
    [people.map((person) => person && (site.identity(person) as object)), options(site)] as const,
  );

describe.concurrent('in one task,', () => {
  test('several calls of connect() send only the last user if the widget has not loaded yet', async ({
    sandbox,
    site,
    page,
  }) => {
    await page.goto(`${site.url}/app`);
    await connectAll(page, site, [ada, bob, ada, bob, null, ada, bob]);
    await reach(page, 'connected');
    expect(account(sandbox)).toEqual(['session 1', 'bob verified in 1']);
  });

  test('several calls of connect() send only the last user if the widget has already loaded', async ({
    sandbox,
    site,
    page,
  }) => {
    await page.goto(`${site.url}/app`);
    await connect(page, site, null);
    await reach(page, 'anonymous');
    await connectAll(page, site, [ada, bob, ada, bob, null, ada, bob]);
    await reach(page, 'connected');
    expect(await write(page, sandbox, 'who?')).toBe('bob, verified');
    expect(account(sandbox)).toEqual(['session 1', 'bob verified in 1']);
  });

  test("several calls of connect() for a logout, a login and a logout end the user's session", async ({
    sandbox,
    site,
    page,
  }) => {
    await page.goto(`${site.url}/app`);
    await connect(page, site, ada);
    await see(sandbox, 'ada verified in 1');
    await connectAll(page, site, [null, ada, null]);
    await reach(page, 'anonymous');
    expect(await write(page, sandbox, 'who?')).toBe('anonymous');
  });
});

describe.concurrent('a delayed response of the endpoint', () => {
  test('is ignored if a later request has already received a response', async ({ sandbox, site, page }) => {
    await page.goto(site.url);
    await reach(page, 'anonymous');
    const first = await holdAnswer(page, { times: 1 });
    site.user = ada;
    const late = call(page, 'refresh');
    await first.arrived;
    site.user = bob;
    await call(page, 'refresh');
    await see(sandbox, 'bob verified in 1');
    first.release();
    await late;
    await reach(page, 'connected');
    expect(await write(page, sandbox, 'who?')).toBe('bob, verified');
    expect(account(sandbox)).toEqual(['session 1', 'bob verified in 1']);
  });

  test('is ignored if the user has signed out in the meantime', async ({ sandbox, site, page }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    const first = await holdAnswer(page);
    const late = call(page, 'refresh');
    await first.arrived;
    site.user = null;
    await call(page, 'disconnect');
    first.release();
    await late;
    await reach(page, 'anonymous');
    expect(await write(page, sandbox, 'who?')).toBe('anonymous');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1', 'session 2']);
  });

  test('after a refusal is ignored if the user has signed out in the meantime', async ({
    sandbox,
    site,
    page,
  }) => {
    site.user = ada;
    site.inlined = { identity: site.identity(ada, 'wyHVRZzzJhjPMKR2h7LpeJVy') };
    const asked = await holdAnswer(page);
    await page.goto(site.url);
    await asked.arrived;
    await call(page, 'disconnect');
    asked.release();
    await reach(page, 'anonymous');
    expect(await write(page, sandbox, 'who?')).toBe('anonymous');
    expect(account(sandbox)).toEqual(['session 1', 'ada 401 in 1', 'session 2']);
  });
});

describe.concurrent('after the chat has timed out,', () => {
  test.for([
    ['the SDK', '**/packs/js/sdk.js'],
    ['the widget', '**/widget?*'],
  ] as const)(
    'the wanted user is connected as soon as %s loads',
    async ([, what], { sandbox, site, page }) => {
      await page.clock.install();
      const held = await hold(page, what);
      site.user = ada;
      site.inlined = {};
      await collect(page);
      await page.goto(site.url, { waitUntil: 'commit' });
      await held.arrived;
      await wants(page, 'ada');
      await page.clock.fastForward(31_000);
      await reach(page, 'unavailable');
      held.release();
      await see(sandbox, 'ada verified in 1');
      expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
      await page.clock.fastForward(4_000);
      await reach(page, 'connected');
      expect(await collected(page)).toEqual(['unavailable {"reason":"widget"}', 'connected null']);
    },
  );

  test.for([
    ['anonymous', null, 'anonymous'],
    ['another user', bob, 'bob, verified'],
  ] as const)(
    'the widget is reset if it loads with the session of a user who has signed out (the visitor is now %s)',
    async ([, user, expected], { sandbox, site, page }) => {
      site.user = ada;
      await page.goto(site.url);
      await reach(page, 'connected');
      await page.clock.install();
      const held = await hold(page, '**/widget?*');
      await page.goto(site.url, { waitUntil: 'commit' });
      await held.arrived;
      site.user = user;
      await call(page, 'disconnect');
      await page.clock.fastForward(31_000);
      await reach(page, 'unavailable');
      await call(page, 'refresh');
      held.release();
      await see(sandbox, 'session 2');
      await page.clock.resume();
      await reach(page, user ? 'connected' : 'anonymous');
      expect(await write(page, sandbox, 'who?')).toBe(expected);
      expect(account(sandbox).filter((line) => line.startsWith('ada'))).toEqual(['ada verified in 1']);
    },
  );

  test('connect() and disconnect() resolve even if the SDK never loads', async ({ sandbox, site, page }) => {
    const errors: Error[] = [];
    page.on('pageerror', (error) => errors.push(error));
    await page.route('**/packs/js/sdk.js', (route) => route.abort());
    site.user = ada; // The page requests the identity from the endpoint before Ada is connected for the second time.
    await page.goto(`${site.url}/app`);
    const statuses = await page.evaluate(
      async ([users, options]) => {
        const [ada, bob] = users as Identity[];
        const statuses = [await window.chat.connect(ada, options), await window.chat.connect(bob, options)];
        return [...statuses, await window.chat.disconnect(), await window.chat.connect(ada, options)];
      },
      [
        [ada, bob].map((person) => site.identity(person) as object),
        { ...options(site), anonymous: 'hide' },
      ] as const,
    );
    expect(statuses).toEqual(['unavailable', 'unavailable', 'anonymous', 'unavailable']);
    expect(errors).toEqual([]);
    expect(account(sandbox)).toEqual([]);
  });

  test('a late refusal from Chatwoot makes the page request the identity again', async ({
    sandbox,
    site,
    page,
  }) => {
    await page.clock.install();
    const held = await hold(page, '**/set_user*', { times: 1 });
    site.user = ada;
    site.inlined = { identity: site.identity(ada, 'wyHVRZzzJhjPMKR2h7LpeJVy') };
    await page.goto(site.url);
    await held.arrived;
    await page.clock.fastForward(4_000);
    await reach(page, 'connected');
    held.release();
    await see(sandbox, 'ada verified in 2');
    expect(account(sandbox)).toEqual(['session 1', 'ada 401 in 1', 'session 2', 'ada verified in 2']);
  });
});

describe.concurrent('with two tabs,', () => {
  test('the first tab becomes anonymous if another user signs in in the second tab and there is no endpoint', async ({
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
    site.user = bob;
    await tab.goto(site.url);
    await reach(tab, 'connected');
    await reach(page, 'anonymous');
    expect(await write(page, sandbox, 'from the first')).toBe('anonymous');
    expect(await write(tab, sandbox, 'from the second')).toBe('bob, verified');
    await tab.reload();
    await reach(tab, 'connected');
    expect(await write(tab, sandbox, 'again')).toBe('bob, verified');
    expect(account(sandbox).filter((line) => line.startsWith('ada'))).toEqual(['ada verified in 1']);
  });

  test('each tab gets a separate session if the second tab loads with the session of the first tab', async ({
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
    const held = await hold(tab, '**/packs/js/sdk.js');
    site.user = bob;
    await tab.goto(site.url, { waitUntil: 'commit' });
    await held.arrived;
    await reach(page, 'anonymous');
    held.release();
    await reach(tab, 'connected');
    await reach(page, 'anonymous');
    expect(await write(page, sandbox, 'from the first')).toBe('anonymous');
    expect(await write(tab, sandbox, 'from the second')).toBe('bob, verified');
  });

  test('the first tab gets a separate session if its chat loads after the second tab has connected', async ({
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
    const held = await hold(page, '**/widget?*');
    site.user = bob;
    await tab.goto(site.url);
    await held.arrived;
    await reach(tab, 'connected');
    held.release();
    await reach(page, 'anonymous');
    expect(await write(page, sandbox, 'from the first')).toBe('anonymous');
    expect(await write(tab, sandbox, 'from the second')).toBe('bob, verified');
  });

  test.for([
    ['signed out', null],
    ['been replaced by another user', bob],
  ] as const)(
    'an anonymous chat is reset if it loads with the session of a user who has %s',
    async ([, user], { sandbox, site, page, context }) => {
      const tab = await context.newPage();
      site.data = { identity_url: undefined };
      await page.goto(site.url);
      await reach(page, 'anonymous');
      const held = await hold(tab, '**/widget?*');
      await tab.goto(site.url, { waitUntil: 'commit' });
      await held.arrived;
      site.user = ada;
      await page.reload();
      await reach(page, 'connected');
      site.user = user;
      await page.reload();
      await reach(page, user ? 'connected' : 'anonymous');
      held.release();
      await reach(tab, 'anonymous');
      expect(await write(tab, sandbox, 'who?')).toBe('anonymous');
    },
  );

  test("a tab does not treat a user as accepted in the other tab's session", async ({
    sandbox,
    site,
    page,
    context,
  }) => {
    site.data = { identity_url: undefined };
    await page.goto(site.url);
    await reach(page, 'anonymous');
    const [cookie] = (await context.cookies()).filter(({ name }) => name === 'cw_conversation');
    await context.clearCookies({ name: 'cw_conversation' });
    const tab = await context.newPage();
    // Writes the other tab's session into the cookie, one task after the SDK has written the cookie.
    await tab.addInitScript((token) => {
      addEventListener('message', ({ data }) => {
        if (!/"event":"loaded"/.test(data)) return;
        // biome-ignore lint/suspicious/noDocumentCookie: simulates the SDK of the other tab, which does the same
        setTimeout(() => (document.cookie = `cw_conversation=${token}; path=/`));
      });
    }, cookie!.value);
    site.user = bob;
    await tab.goto(site.url);
    await reach(tab, 'connected');
    expect(await write(tab, sandbox, 'before')).toBe('bob, verified');
    await tab.reload();
    await reach(tab, 'connected');
    expect(await write(tab, sandbox, 'after')).toBe('bob, verified');
    // The first tab starts a new session, because its old session now belongs to Bob.
    await see(sandbox, 'session 3');
    expect(account(sandbox).filter((line) => line !== 'session 3')).toEqual([
      'session 1',
      'session 2',
      'bob verified in 2',
      'resumed 1',
      'bob verified in 1',
    ]);
  });

  test('both tabs show the new user if the user changes in one tab while the other is loading', async ({
    sandbox,
    site,
    page,
    context,
  }) => {
    const tab = await context.newPage();
    const held = await hold(tab, '**/widget?*');
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    await tab.goto(site.url, { waitUntil: 'commit' });
    await held.arrived;
    site.user = bob;
    await call(page, 'refresh');
    await reach(page, 'connected');
    held.release();
    await reach(tab, 'connected');
    expect(await write(tab, sandbox, 'from the one that loaded')).toBe('bob, verified');
    expect(await write(page, sandbox, 'from the other')).toBe('bob, verified');
  });
});

test.concurrent('the page after a logout is anonymous, even if the previous page was loading the chat during the logout', async ({
  sandbox,
  site,
  page,
  context,
}) => {
  site.user = ada;
  await page.goto(site.url);
  await reach(page, 'connected');
  const held = await hold(page, '**/widget?*', { times: 1 });
  await page.goto(site.url, { waitUntil: 'commit' });
  await held.arrived;
  // Simulates a logout with a redirect to a slow page.
  site.user = null;
  await context.clearCookies();
  const slow = gate();
  await page.route(`${site.url}/?next`, async (route) => {
    await slow.opened;
    await route.continue();
  });
  const next = page.goto(`${site.url}/?next`);
  held.release();
  await see(sandbox, 'resumed 1');
  await see(sandbox, 'ada verified in 1', 2);
  slow.release();
  await next;
  await reach(page, 'anonymous');
  expect(await write(page, sandbox, 'who?')).toBe('anonymous');
});

test.concurrent('the next page is anonymous if the previous page was closed just after the SDK restored an ended session', async ({
  sandbox,
  site,
  page,
  context,
}) => {
  site.user = ada;
  await page.goto(site.url);
  await reach(page, 'connected');
  const held = await hold(page, '**/widget?*');
  // Disables timers without a delay, so that no code of the page script runs after the SDK has loaded.
  await page.addInitScript(() => {
    const { setTimeout } = window;
    const later = (callback: () => void, delay?: number) => (delay ? setTimeout(callback, delay) : 0);
    Object.assign(window, { setTimeout: later });
  });
  await page.goto(site.url, { waitUntil: 'commit' });
  await held.arrived;
  site.user = null;
  await call(page, 'disconnect');
  held.release();
  await page.waitForFunction('window.$chatwoot.hasLoaded');
  expect(await page.evaluate('document.cookie')).toContain('cw_conversation');
  await page.close();

  const next = await context.newPage();
  await next.goto(site.url);
  await reach(next, 'anonymous');
  expect(await write(next, sandbox, 'who?')).toBe('anonymous');
  expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1', 'resumed 1', 'session 2']);
});
