import { startSandbox } from '@chatwoot-identity/sandbox';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { account, call, reach, see, test, write } from './scene.js';
import type { Person, Site } from './site.js';

const ada: Person = { identifier: 'ada', name: 'Ada Lovelace', email: 'ada@example.com' };
const bob: Person = { identifier: 'bob', name: "Bob O'Brien" };

const options = ({ inbox: { baseUrl, websiteToken } }: Site) => ({
  baseUrl,
  websiteToken,
  identityUrl: '/chatwoot/identity',
});

/** What an app has by hand: the dashboard's snippet, in our own words. */
const snippet = (site: Site, { running = '', ready = '' } = {}) => `<script>
  addEventListener('chatwoot:ready', () => { window.isReady = true; ${ready} });
  const sdk = document.createElement('script');
  sdk.src = '${site.inbox.baseUrl}/packs/js/sdk.js';
  sdk.async = true;
  sdk.onload = () => { window.chatwootSDK.run(${JSON.stringify(options(site))}); ${running} };
  document.body.append(sdk);
</script>`;

const setUser = (site: Site, { identifier, ...user }: Person) =>
  `$chatwoot.setUser(${JSON.stringify(identifier)}, ${JSON.stringify({ ...user, identifier_hash: site.identity({ identifier }).identifier_hash })});`;

const connect = (page: Page, site: Site, person: Person | null, more = {}) =>
  page.evaluate(([identity, options]) => void window.chat.connect(identity, options), [
    person && site.identity(person),
    { ...options(site), ...more },
  ] as const);

const collect = (page: Page) =>
  page.addInitScript(() => {
    const events: string[] = [];
    Object.assign(window, { events });
    for (const name of ['connected', 'refused', 'reset', 'unavailable'])
      addEventListener(`chatwoot-identity:${name}`, (event) =>
        events.push([name, JSON.stringify((event as CustomEvent).detail)].join(' ')),
      );
  });
const collected = (page: Page) => page.evaluate(() => (window as unknown as { events: string[] }).events);

describe.concurrent('signing in', () => {
  test('with the identity in the page', async ({ sandbox, site, page }) => {
    site.user = ada;
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
    expect(sandbox.contacts).toMatchObject([{ identifier: 'ada', email: 'ada@example.com' }]);
    expect(await write(page, sandbox, 'hello')).toBe('ada, verified');
  });

  test('with the identity from the endpoint', async ({ sandbox, site, page }) => {
    site.user = ada;
    site.inlined = {};
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
  });

  test('from an app, with an inbox that enforces validation', async ({ sandbox, site, page }) => {
    sandbox.hmacMandatory = true;
    await page.goto(`${site.url}/app`);
    await connect(page, site, ada);
    await see(sandbox, 'ada verified in 1');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
  });

  test('after a chat as nobody: the same session goes on', async ({ sandbox, site, page }) => {
    await page.goto(site.url);
    await reach(page, 'anonymous');
    expect(await write(page, sandbox, 'who are you?')).toBe('anonymous');
    site.user = ada;
    await call(page, 'refresh');
    await see(sandbox, 'ada verified in 1');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
  });

  test('with a name that breaks out of markup, an e-mail that is none, and every field', async ({
    sandbox,
    site,
    page,
  }) => {
    site.user = {
      identifier: '</script><script>alert(1)</script>',
      name: '</script><script>window.hit = 1</script>O\'Brien "\\',
      phone_number: '+4930123456',
      city: 'Berlin',
      custom_attributes: { plan: 'gold' },
    };
    await page.goto(site.url);
    await see(sandbox, `${site.user.identifier} verified in 1`);
    expect(sandbox.contacts).toMatchObject([
      {
        name: site.user.name,
        phoneNumber: '+4930123456',
        additionalAttributes: { city: 'Berlin' },
        customAttributes: { plan: 'gold' },
      },
    ]);
  });

  test('with a slash at the end of the base URL', async ({ sandbox, site, page }) => {
    site.user = ada;
    site.data = { base_url: `${sandbox.baseUrl}/` };
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
  });
});

describe.concurrent('the same user again', () => {
  test('is sent once however often connect() is called, as in React StrictMode', async ({
    sandbox,
    site,
    page,
  }) => {
    await page.goto(`${site.url}/app`);
    await connect(page, site, ada);
    await connect(page, site, ada);
    await reach(page, 'connected');
    await connect(page, site, ada);
    await connect(page, site, bob);
    await see(sandbox, 'bob verified in 2');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1', 'session 2', 'bob verified in 2']);
  });

  test('is not sent again after a reload, once accepted', async ({ sandbox, site, page }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    await page.reload();
    await reach(page, 'connected');
    expect(await write(page, sandbox, 'again')).toBe('ada, verified');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1', 'resumed 1']);
  });

  test('is sent again after a reload while that is not known', async ({ sandbox, site, page }) => {
    site.user = ada;
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
    await page.reload();
    await see(sandbox, 'ada verified in 1', 2);
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1', 'resumed 1', 'ada verified in 1']);
  });

  test('with a new telephone number, which the SDK does not look at', async ({ sandbox, site, page }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    site.user = { ...ada, phone_number: '+4930123456' };
    await page.reload();
    await see(sandbox, 'ada verified in 1', 2);
    await reach(page, 'connected');
    site.user = { ...ada, phone_number: '+4930123456', custom_attributes: { plan: 'gold' } };
    await call(page, 'refresh');
    await see(sandbox, 'ada verified in 1', 3);
    expect(sandbox.contacts).toMatchObject([
      { phoneNumber: '+4930123456', customAttributes: { plan: 'gold' } },
    ]);
  });
});

describe.concurrent('another user', () => {
  test('without a reload', async ({ sandbox, site, page }) => {
    site.user = ada;
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
    site.user = bob;
    await call(page, 'refresh');
    await see(sandbox, 'bob verified in 2');
    expect(await write(page, sandbox, 'hi')).toBe('bob, verified');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1', 'session 2', 'bob verified in 2']);
  });

  test('after a reload: the session of the first is not even opened', async ({ sandbox, site, page }) => {
    site.user = ada;
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
    site.user = bob;
    await page.reload();
    await see(sandbox, 'bob verified in 2');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1', 'session 2', 'bob verified in 2']);
  });

  test('the latest of three in one go wins', async ({ sandbox, site, page }) => {
    await page.goto(`${site.url}/app`);
    await connect(page, site, ada);
    await connect(page, site, null);
    await connect(page, site, bob);
    await see(sandbox, 'bob verified in 1');
    expect(account(sandbox)).toEqual(['session 1', 'bob verified in 1']);
  });

  test('while the first is on the way', async ({ sandbox, site, page, context }) => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const asked = new Promise<void>((resolve) =>
      context.route('**/set_user*', async (route) => {
        if (!route.request().postData()!.includes('"ada"')) return route.continue();
        resolve();
        await held;
        await route.continue().catch(() => {}); // its frame may be gone by now
      }),
    );
    await page.goto(`${site.url}/app`);
    await connect(page, site, ada);
    await asked;
    await connect(page, site, bob);
    release();
    await see(sandbox, 'bob verified in 2');
    expect(await write(page, sandbox, 'hi')).toBe('bob, verified');
  });
});

describe.concurrent('nobody after somebody', () => {
  test('without a reload, and the same user once more', async ({ sandbox, site, page, context }) => {
    site.user = ada;
    await collect(page);
    await page.goto(site.url);
    await reach(page, 'connected');
    site.user = null;
    await call(page, 'disconnect');
    expect((await context.cookies()).map(({ name }) => name)).not.toContain(
      `cw_user_${sandbox.websiteToken}`,
    );
    await see(sandbox, 'session 2');
    await reach(page, 'anonymous');
    expect(await write(page, sandbox, 'hello?')).toBe('anonymous');
    await page.evaluate(() => window.$chatwoot!.toggle('close'));
    site.user = ada;
    await call(page, 'refresh');
    await see(sandbox, 'ada verified in 2');
    expect(await collected(page)).toEqual(['connected null', 'reset null']);
  });

  test('after a reload: the session is not even opened', async ({ sandbox, site, page }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    site.user = null;
    await page.reload();
    await reach(page, 'anonymous');
    await page.reload();
    await reach(page, 'anonymous');
    expect(await write(page, sandbox, 'hello?')).toBe('anonymous');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1', 'session 2', 'resumed 2']);
  });

  test('signing out while the chat still loads', async ({ sandbox, site, page }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    await page.goto(`${site.url}/app`);
    await connect(page, site, ada);
    await connect(page, site, null);
    await reach(page, 'anonymous');
    expect(await write(page, sandbox, 'hello?')).toBe('anonymous');
  });

  test('a cookie of somebody unknown, from before this package', async ({ sandbox, site, page }) => {
    site.before = snippet(site, { ready: setUser(site, ada) });
    await page.goto(`${site.url}/bare`);
    await see(sandbox, 'ada verified in 1');
    site.before = '';
    await page.goto(site.url);
    await see(sandbox, 'session 2');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1', 'session 2']);
  });
});

describe.concurrent('the SDK is on the page already', () => {
  test('and still loads', async ({ sandbox, site, page }) => {
    site.user = ada;
    site.before = snippet(site);
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
  });

  test('and has long been ready', async ({ sandbox, site, page }) => {
    site.before = snippet(site);
    await page.goto(`${site.url}/app`);
    await page.waitForFunction('window.isReady');
    await connect(page, site, ada);
    await see(sandbox, 'ada verified in 1');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
  });

  test('and the app calls setUser too early: its malformed replay is no refusal', async ({
    sandbox,
    site,
    page,
  }) => {
    site.user = ada;
    site.before = snippet(site, { running: setUser(site, ada) });
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
    await reach(page, 'connected');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
  });

  test('and the app has identified somebody else', async ({ sandbox, site, page }) => {
    site.before = snippet(site, { ready: setUser(site, ada) });
    await page.goto(`${site.url}/app`);
    await see(sandbox, 'ada verified in 1');
    await connect(page, site, bob);
    await see(sandbox, 'bob verified in 2');
    expect(await write(page, sandbox, 'hi')).toBe('bob, verified');
  });

  test('with another inbox: it is left alone', async ({ sandbox, site, page }) => {
    site.before = snippet(site);
    await page.goto(`${site.url}/app`);
    await page.waitForFunction('window.isReady');
    await connect(page, site, ada, { websiteToken: 'another' });
    await reach(page, 'unavailable');
    await connect(page, site, bob);
    await see(sandbox, 'bob verified in 1');
    expect(account(sandbox)).toEqual(['session 1', 'bob verified in 1']);
  });

  test('with a second copy of this package: they share one connection', async ({ sandbox, site, page }) => {
    site.user = ada;
    site.before = '<script type="module" src="/app.js"></script>';
    await page.goto(site.url);
    await connect(page, site, ada);
    await reach(page, 'connected');
    expect(await page.evaluate(() => window.chat.status())).toBe('connected');
    site.user = null;
    await page.evaluate(() => window.chat.disconnect());
    await see(sandbox, 'session 2');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1', 'session 2']);
  });
});

describe.concurrent('a session that is lost while the SDK still believes that it sent the user', () => {
  test('its cookie was dropped', async ({ sandbox, site, page, context }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    await context.clearCookies({ name: 'cw_conversation' });
    await page.reload();
    await see(sandbox, 'ada verified in 2');
    expect(await write(page, sandbox, 'hi')).toBe('ada, verified');
  });

  test('another inbox of the site has overwritten it', async ({ sandbox, site, page }) => {
    const other = await startSandbox();
    try {
      site.user = ada;
      await page.goto(site.url);
      await reach(page, 'connected');
      site.inbox = other.inbox;
      await page.reload();
      await see(other, 'ada verified in 1');
      await reach(page, 'connected');
      site.inbox = sandbox.inbox;
      await page.reload();
      await see(sandbox, 'ada verified in 2');
      expect(await write(page, sandbox, 'hi')).toBe('ada, verified');
      expect(account(other)).toEqual(['session 1', 'ada verified in 1']);
    } finally {
      await other.close();
    }
  });

  test('the widget reloads by itself', async ({ sandbox, site, page }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    await page.frames()[1]!.evaluate(() => location.reload());
    await see(sandbox, 'ada verified in 2');
    expect(await write(page, sandbox, 'hi')).toBe('ada, verified');
  });
});

test.concurrent('cookies for a whole domain, which reset() leaves behind, go too', async ({
  sandbox,
  site,
  page,
  context,
}) => {
  const app = site.url.replace('127.0.0.1', 'app.site.localhost');
  site.user = ada;
  site.data = { settings: { baseDomain: 'site.localhost' } };
  await page.goto(app);
  await reach(page, 'connected');
  expect((await context.cookies(app)).map(({ domain }) => domain)).toEqual([
    '.site.localhost',
    '.site.localhost',
  ]);
  site.user = bob;
  await call(page, 'refresh');
  await see(sandbox, 'bob verified in 2');
  site.user = null;
  site.data = {}; // the site has given up the domain, a cookie of it is still there
  await page.reload();
  await reach(page, 'anonymous');
  expect(account(sandbox)).toEqual([
    'session 1',
    'ada verified in 1',
    'session 2',
    'bob verified in 2',
    'session 3',
  ]);
  expect(await write(page, sandbox, 'hi')).toBe('anonymous');
});

test.concurrent('a browser that blocks storage', async ({ sandbox, site, page }) => {
  await page.addInitScript(() =>
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('Access is denied for this document.', 'SecurityError');
      },
    }),
  );
  site.user = ada;
  await page.goto(site.url);
  await reach(page, 'connected');
  site.user = bob;
  await page.reload();
  await see(sandbox, 'bob verified in 2');
  expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1', 'session 2', 'bob verified in 2']);
});

describe.concurrent('a rejected hash', () => {
  const wrong = 'wyHVRZzzJhjPMKR2h7LpeJVy';

  test('in the page, then the right one from the endpoint', async ({ sandbox, site, page }) => {
    site.user = ada;
    site.inlined = { identity: site.identity(ada, wrong) };
    await collect(page);
    await page.goto(site.url);
    await reach(page, 'connected');
    expect(account(sandbox)).toEqual(['session 1', 'ada 401 in 1', 'ada verified in 1']);
    expect(await collected(page)).toEqual(['connected null']);
  });

  test('twice: then it is over, until there is another one', async ({ sandbox, site, page }) => {
    const lines: string[] = [];
    page.on('console', (message) => message.type() === 'warning' && lines.push(message.text()));
    site.user = ada;
    site.inbox = { ...site.inbox, hmacToken: wrong };
    await collect(page);
    await page.goto(site.url);
    await reach(page, 'refused');
    await call(page, 'refresh');
    await reach(page, 'refused');
    site.inbox = sandbox.inbox;
    await call(page, 'refresh');
    await reach(page, 'connected');
    expect(account(sandbox)).toEqual(['session 1', 'ada 401 in 1', 'ada 401 in 1', 'ada verified in 1']);
    expect(await collected(page)).toEqual(['refused {"reason":"hash"}', 'connected null']);
    expect(lines).toEqual([
      '[chatwoot-identity] Chatwoot refused the identifier_hash. Run: npx chatwoot-identity explain',
    ]);
  });

  test('is not tried again after a reload with the right one', async ({ sandbox, site, page }) => {
    site.user = ada;
    site.inbox = { ...site.inbox, hmacToken: wrong };
    await page.goto(site.url);
    await reach(page, 'refused');
    site.inbox = sandbox.inbox;
    await page.reload();
    await see(sandbox, 'ada verified in 1');
    expect(account(sandbox)).toEqual([
      'session 1',
      'ada 401 in 1',
      'ada 401 in 1',
      'resumed 1',
      'ada verified in 1',
    ]);
  });

  test('the network fails: nothing of the error, which holds the session token, is shown', async ({
    sandbox,
    site,
    page,
  }) => {
    const lines: string[] = [];
    page.on('console', (message) => lines.push(message.text()));
    site.user = ada;
    await page.route('**/set_user*', (route) => route.abort());
    await collect(page);
    await page.goto(site.url);
    await reach(page, 'refused');
    expect(await collected(page)).toEqual(['refused {"reason":"error"}']);
    expect(lines.join()).not.toMatch(/X-Auth-Token|eyJ/);
    expect(account(sandbox)).toEqual(['session 1']);
  });

  test('only claimed by a frame that is not the chat: one more try, no loop', async ({
    sandbox,
    site,
    page,
  }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    const forge = () =>
      postMessage(
        'chatwoot-widget:{"event":"error","errorType":"SET_USER_ERROR","data":{"error":"HMAC"}}',
        '*',
      );
    await page.evaluate(forge);
    await see(sandbox, 'ada verified in 1', 2);
    await page.evaluate(forge);
    await reach(page, 'refused');
    await page.evaluate(forge);
    await page.evaluate(() => postMessage('chatwoot-widget:{"event":"loaded"}', '*'));
    site.user = bob;
    await call(page, 'refresh');
    await see(sandbox, 'bob verified in 2');
    expect(account(sandbox)).toEqual([
      'session 1',
      'ada verified in 1',
      'ada verified in 1',
      'session 2',
      'bob verified in 2',
    ]);
  });
});

describe.concurrent('no word from the chat', () => {
  const wait = (page: Page) => page.clock.fastForward(31_000);

  test('a wrong website token', async ({ sandbox, site, page }) => {
    await page.clock.install();
    site.user = ada;
    site.data = { website_token: 'wrong' };
    await collect(page);
    const answered = page.waitForResponse('**/widget?*');
    await page.goto(site.url);
    await answered;
    await wait(page);
    await reach(page, 'unavailable');
    expect(await collected(page)).toEqual(['unavailable {"reason":"widget"}']);
    expect(account(sandbox)).toEqual([]);
  });

  test('the SDK cannot be loaded, and then it can', async ({ sandbox, site, page }) => {
    await page.route('**/packs/js/sdk.js', (route) => route.abort(), { times: 1 });
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'unavailable');
    await call(page, 'refresh');
    await see(sandbox, 'ada verified in 1');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
  });

  test('the SDK cannot be loaded, and the user signs out', async ({ sandbox, site, page }) => {
    await page.route('**/packs/js/sdk.js', (route) => route.abort(), { times: 1 });
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'unavailable');
    site.user = null;
    await call(page, 'disconnect');
    await reach(page, 'anonymous');
    expect(await write(page, sandbox, 'hi')).toBe('anonymous');
  });

  test('after a reset(): later identities do not queue for ever', async ({ sandbox, site, page }) => {
    site.user = ada;
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
    await page.clock.install();
    await page.route('**/widget?*', (route) => route.abort(), { times: 1 });
    const failed = page.waitForEvent('requestfailed');
    site.user = null;
    await call(page, 'disconnect');
    await failed;
    await wait(page);
    await reach(page, 'unavailable');
    site.user = bob;
    await call(page, 'refresh');
    await see(sandbox, 'bob verified in 2');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1', 'session 2', 'bob verified in 2']);
  });

  test('the page has taken window.onmessage from the SDK', async ({ sandbox, site, page }) => {
    await page.clock.install();
    site.user = ada;
    site.before = snippet(site, { running: 'window.onmessage = () => {};' });
    const answered = page.waitForEvent('framenavigated', (frame) => frame.url().includes('/widget?'));
    await page.goto(site.url);
    await answered;
    await wait(page);
    await reach(page, 'unavailable');
    expect(account(sandbox)).toEqual(['session 1']);
  });
});

describe.concurrent('a visitor who is not signed in, where only users get the chat', () => {
  test('has none, until they sign in, and loses it when they sign out', async ({ sandbox, site, page }) => {
    site.data = { anonymous: 'hide' };
    await page.goto(site.url);
    await reach(page, 'anonymous');
    expect(await page.locator('#chatwoot_live_chat_widget').count()).toBe(0);
    site.user = ada;
    await call(page, 'refresh');
    await see(sandbox, 'ada verified in 1');
    const bubble = page.locator('.woot-widget-bubble');
    await bubble.waitFor({ state: 'visible' });
    site.user = null;
    await call(page, 'disconnect');
    await bubble.waitFor({ state: 'hidden' });
    await reach(page, 'anonymous');
    site.user = bob;
    await call(page, 'refresh');
    await bubble.waitFor({ state: 'visible' });
    await see(sandbox, 'bob verified in 2');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1', 'session 2', 'bob verified in 2']);
  });

  test('whose last user went away: the session is gone, and none is begun', async ({
    sandbox,
    site,
    page,
    context,
  }) => {
    site.data = { anonymous: 'hide' };
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    site.user = null;
    await page.reload();
    await reach(page, 'anonymous');
    expect(await context.cookies()).toEqual([]);
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
  });
});

describe.concurrent('nobody can say who is signed in', () => {
  test('at the start: the chat of the last user is not opened, nor thrown away', async ({
    sandbox,
    site,
    page,
  }) => {
    site.user = ada;
    site.inlined = {};
    await page.goto(site.url);
    await reach(page, 'connected');
    site.failure = 503;
    await page.reload();
    await reach(page, 'unavailable');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
    site.failure = undefined;
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await reach(page, 'connected');
    expect(await write(page, sandbox, 'back')).toBe('ada, verified');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1', 'resumed 1']);
  });

  test('later: the chat is hidden, not reset, and comes back', async ({ sandbox, site, page }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    site.failure = 500;
    await call(page, 'refresh');
    await reach(page, 'unavailable');
    const bubble = page.locator('.woot-widget-bubble');
    await bubble.waitFor({ state: 'hidden' });
    site.failure = undefined;
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await bubble.waitFor({ state: 'visible' });
    expect(await write(page, sandbox, 'back')).toBe('ada, verified');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
  });

  test('a login page instead of JSON', async ({ sandbox, site, page }) => {
    site.inlined = {};
    site.data = { identity_url: '/login' };
    await page.goto(site.url);
    await reach(page, 'unavailable');
    expect(account(sandbox)).toEqual([]);
  });

  test('an identity without a hash is not sent', async ({ sandbox, site, page }) => {
    await page.goto(`${site.url}/app`);
    const refusal = page.evaluate(
      (options) => window.chat.connect({ identifier: 'ada', name: 'Ada' } as never, options).catch(String),
      options(site),
    );
    expect(await refusal).toContain('identifier_hash');
    await connect(page, site, bob);
    await see(sandbox, 'bob verified in 1');
    expect(account(sandbox)).toEqual(['session 1', 'bob verified in 1']);
  });
});

describe.concurrent('two tabs', () => {
  test('signing out in one ends the session in the other', async ({ sandbox, site, page, context }) => {
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

  test('without an endpoint as well', async ({ sandbox, site, page, context }) => {
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

  test('of nobody share a session: it goes from both when the one who took it over signs out', async ({
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
    site.user = ada;
    await page.reload();
    await see(sandbox, 'ada verified in 1');
    const reset = tab.evaluate(
      () => new Promise((resolve) => addEventListener('chatwoot-identity:reset', resolve, { once: true })),
    );
    await call(page, 'disconnect');
    await reset;
    await reach(tab, 'anonymous');
    expect(await write(tab, sandbox, 'hi')).toBe('anonymous');
  });

  test('another user in one is another user in the other', async ({ sandbox, site, page, context }) => {
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

  test('the session ends before the app does: the other tab does not keep it', async ({
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
    await call(page, 'disconnect'); // the other tab is told by the endpoint that it is still Ada
    await reach(tab, 'connected');
    site.user = null;
    await call(page, 'refresh');
    await reach(tab, 'anonymous');
    expect(await write(tab, sandbox, 'hi')).toBe('anonymous');
  });

  test('the server has expired the cookies: seen when the tab is looked at', async ({
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

describe.concurrent('content security policy', () => {
  test("strict, with neither inline scripts nor nonce: default-src 'self'", async ({
    sandbox,
    site,
    page,
  }) => {
    const chat = sandbox.baseUrl;
    site.headers = {
      'content-security-policy': `default-src 'self'; script-src 'self' ${chat}; frame-src ${chat}; connect-src 'self' ${chat}; style-src 'self' 'unsafe-inline'`,
    };
    site.user = { ...ada, name: '</script><script>document.title = 1</script>' };
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
    expect(sandbox.contacts).toMatchObject([{ name: site.user.name }]);
  });

  test('with a nonce alone: the SDK is loaded with that of the page', async ({ sandbox, site, page }) => {
    site.headers = { 'content-security-policy': "script-src 'self' 'nonce-abc123'" };
    site.before = '<script nonce="abc123"></script>';
    site.user = ada;
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
  });
});
