import type { Identity } from '@chatwoot-identity/browser';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { gate } from '../support/gate.js';
import { hold } from '../support/hold.js';
import { call, collect, collected, connect, options, reach, wants, write } from '../support/page.js';
import { account, ada, bob, see, test } from '../support/scene.js';
import type { Person, Site } from '../support/site.js';

/** Delays the endpoint's responses, which are created when their requests arrive. */
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

/** Calls `connect` for each user in one task. */
const connectAll = (page: Page, site: Site, people: (Person | null)[]) =>
  page.evaluate(
    ([identities, options]) => {
      for (const identity of identities) void window.chat.connect(identity as Identity | null, options);
    },
    [people.map((person) => person && (site.identity(person) as object)), options(site)] as const,
  );

describe.concurrent('in one task', () => {
  test('several users, before the widget has loaded: only the last is sent', async ({
    sandbox,
    site,
    page,
  }) => {
    await page.goto(`${site.url}/app`);
    await connectAll(page, site, [ada, bob, ada, bob, null, ada, bob]);
    await reach(page, 'connected');
    expect(account(sandbox)).toEqual(['session 1', 'bob verified in 1']);
  });

  test('several users, after the widget has loaded: only the last is sent', async ({
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

  test('logout, login, logout: the anonymous visitor gets no session of the user', async ({
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

describe.concurrent('while the endpoint has not answered', () => {
  test('it is requested again: the first answer arrives last and is ignored', async ({
    sandbox,
    site,
    page,
  }) => {
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

  test('the user signs out: an answer that still names them is ignored', async ({ sandbox, site, page }) => {
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

  test('the user signs out while the identity is requested again after a refusal', async ({
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

describe.concurrent('after the time-out', () => {
  test.for([
    ['the SDK', '**/packs/js/sdk.js'],
    ['the widget', '**/widget?*'],
  ] as const)(
    '%s loads after all: the wanted user is connected',
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
    ['another', bob, 'bob, verified'],
  ] as const)(
    'the widget loads with the session of a user who has signed out; the visitor is now %s',
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

  test('the SDK never loads, and users come and go: nothing throws, and every call resolves', async ({
    sandbox,
    site,
    page,
  }) => {
    const errors: Error[] = [];
    page.on('pageerror', (error) => errors.push(error));
    await page.route('**/packs/js/sdk.js', (route) => route.abort());
    site.user = ada; // the endpoint is requested before she is connected again
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

  test('Chatwoot refuses a user who was considered accepted: the identity is requested again', async ({
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

describe.concurrent('two tabs', () => {
  test('with two users and no endpoint: the first tab becomes anonymous', async ({
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

  test('the second loads in the session that the first has just received: each gets a separate session', async ({
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

  test('the chat of the first loads after the second has connected: it gets a separate session', async ({
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
    ['anonymous', null],
    ['another user', bob],
  ] as const)(
    'an anonymous chat loads with the session of a user who was since replaced by %s',
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

  test("the cookie already belongs to another tab: the acceptance counts for this tab's session only", async ({
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
    // Runs in the task after the one in which the SDK writes its own cookie.
    await tab.addInitScript((token) => {
      addEventListener('message', ({ data }) => {
        if (!/"event":"loaded"/.test(data)) return;
        // biome-ignore lint/suspicious/noDocumentCookie: as the SDK of the other tab does it
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
    // The first tab leaves its session to Bob and starts a new one.
    await see(sandbox, 'session 3');
    expect(account(sandbox).filter((line) => line !== 'session 3')).toEqual([
      'session 1',
      'session 2',
      'bob verified in 2',
      'resumed 1',
      'bob verified in 1',
    ]);
  });

  test('the user changes in one while the other is still loading', async ({
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

test.concurrent('the server signs the user out while the page is loading the chat: the next page is anonymous', async ({
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
  // The response to the logout. The page that it redirects to is slow.
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

test.concurrent('the page is closed just after the SDK has restored a session that was ended: the next page is anonymous', async ({
  sandbox,
  site,
  page,
  context,
}) => {
  site.user = ada;
  await page.goto(site.url);
  await reach(page, 'connected');
  const held = await hold(page, '**/widget?*');
  // No timer of the page runs any more, so nothing runs after the SDK has loaded.
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
