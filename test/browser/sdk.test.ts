import { startSandbox } from '@chatwoot-identity/sandbox';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { call, collect, collected, connect, reach, setUser, snippet, write } from '../support/page.js';
import { account, ada, bob, see, test } from '../support/scene.js';

describe.concurrent('on a page that already has the SDK,', () => {
  test('the user is verified if the SDK is still loading', async ({ sandbox, site, page }) => {
    site.user = ada;
    site.before = snippet(site);
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
  });

  test('the user is verified if the SDK is ready', async ({ sandbox, site, page }) => {
    site.before = snippet(site);
    await page.goto(`${site.url}/app`);
    await page.waitForFunction('window.isReady');
    await connect(page, site, ada);
    await see(sandbox, 'ada verified in 1');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
  });

  test("the app's early call of setUser() does not cause a refusal", async ({ sandbox, site, page }) => {
    site.user = ada;
    site.before = snippet(site, { running: setUser(site, ada) });
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
    await reach(page, 'connected');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
  });

  test("the app's early call of setUser() does not cause a refusal if the SDK added its listener first", async ({
    sandbox,
    site,
    page,
  }) => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/widget?*', async (route) => {
      await held;
      await route.continue();
    });
    site.before = snippet(site, { running: `${setUser(site, ada)} window.isRunning = true;` });
    await page.goto(`${site.url}/app`, { waitUntil: 'commit' });
    await page.waitForFunction('window.isRunning && window.chat');
    await connect(page, site, ada);
    release();
    await reach(page, 'connected');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
  });

  test('a different user gets a new session', async ({ sandbox, site, page }) => {
    site.before = snippet(site, { ready: setUser(site, ada) });
    await page.goto(`${site.url}/app`);
    await see(sandbox, 'ada verified in 1');
    await connect(page, site, bob);
    await see(sandbox, 'bob verified in 2');
    expect(await write(page, sandbox, 'hi')).toBe('bob, verified');
  });

  test('the chat is unavailable if the SDK runs with another inbox', async ({ sandbox, site, page }) => {
    site.before = snippet(site);
    await page.goto(`${site.url}/app`);
    await page.waitForFunction('window.isReady');
    await connect(page, site, ada, { websiteToken: 'another' });
    await reach(page, 'unavailable');
    await connect(page, site, bob);
    await see(sandbox, 'bob verified in 1');
    expect(account(sandbox)).toEqual(['session 1', 'bob verified in 1']);
  });

  test('two copies of this package share one connection', async ({ sandbox, site, page }) => {
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

describe.concurrent('after a lost session,', () => {
  test('the user is sent again if the cookie of the session was deleted', async ({
    sandbox,
    site,
    page,
    context,
  }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    await context.clearCookies({ name: 'cw_conversation' });
    await page.reload();
    await see(sandbox, 'ada verified in 2');
    expect(await write(page, sandbox, 'hi')).toBe('ada, verified');
  });

  test('the user is sent again if another inbox of the site has overwritten the session', async ({
    sandbox,
    site,
    page,
  }) => {
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

  test('the user is sent again if the widget reloads itself', async ({ sandbox, site, page }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    await page.frames()[1]!.evaluate(() => location.reload());
    await see(sandbox, 'ada verified in 2');
    expect(await write(page, sandbox, 'hi')).toBe('ada, verified');
  });
});

test.concurrent('a logout deletes cookies for a whole domain, which reset() does not delete', async ({
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
  site.data = {}; // The site no longer sets `baseDomain`, but the browser still has a cookie for the whole domain.
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

test.concurrent('the chat works in a browser that blocks storage', async ({ sandbox, site, page }) => {
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

test.concurrent("the browser's storage contains no personal data of a user", async ({ site, page }) => {
  site.user = ada;
  await page.goto(site.url);
  await reach(page, 'connected');
  const memory = await page.evaluate(() => JSON.stringify({ ...localStorage }));
  expect(memory).toContain(`chatwoot-identity:${site.inbox.websiteToken}`);
  expect(memory).not.toMatch(/\\"ada\\"|Lovelace|example\.com|[0-9a-f]{64}/);
});

/** Fills the storage of the page's origin, except for the last `left` characters. */
async function fillStorage(page: Page, left: number): Promise<void> {
  await page.evaluate((left) => {
    const fits = (length: number) => {
      try {
        localStorage.setItem('app', ' '.repeat(length));
        return true;
      } catch {
        return false;
      }
    };
    let free = 0;
    for (let step = 2 ** 23; step >= 1; step /= 2) if (fits(free + step)) free += step;
    fits(free - left);
  }, left);
}

test.concurrent('the chat works if the storage is full', async ({ sandbox, site, page }) => {
  await page.goto(`${site.url}/bare`);
  await fillStorage(page, 64); // enough for a key, but not for its value
  site.user = ada;
  await page.goto(site.url);
  await reach(page, 'connected');
  expect(await write(page, sandbox, 'hi')).toBe('ada, verified');
});

test.concurrent('the chat follows a change of user if the storage has become full', async ({
  sandbox,
  site,
  page,
}) => {
  site.user = ada;
  site.inlined = {};
  await page.goto(site.url);
  await reach(page, 'connected');
  await fillStorage(page, 0);
  site.user = bob;
  await call(page, 'refresh');
  await see(sandbox, 'bob verified in 2');
  await reach(page, 'connected');
  expect(await write(page, sandbox, 'hi')).toBe('bob, verified');
});

test.concurrent.for(['abc user-1', '[]', '{"identifier":5}', '42'])(
  'the chat works if the storage contains the unexpected value %s',
  async (value, { sandbox, site, page }) => {
    const plant = (key: string) =>
      page.evaluate(([key, value]) => localStorage.setItem(key, value), [key, value] as const);
    const key = `chatwoot-identity:${site.inbox.websiteToken}`;
    await page.goto(`${site.url}/bare`);
    await plant(key);
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    await plant(key);
    site.user = bob;
    await page.reload();
    await reach(page, 'connected');
    expect(await write(page, sandbox, 'hi')).toBe('bob, verified');
    expect(account(sandbox).filter((line) => line.startsWith('ada'))).toEqual(['ada verified in 1']);
  },
);

describe.concurrent('the chat', () => {
  const wait = (page: Page) => page.clock.fastForward(31_000);

  test('is unavailable if the website token is wrong', async ({ sandbox, site, page }) => {
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

  test('is unavailable if the SDK cannot be loaded, until refresh() loads the SDK', async ({
    sandbox,
    site,
    page,
  }) => {
    await page.route('**/packs/js/sdk.js', (route) => route.abort(), { times: 1 });
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'unavailable');
    await call(page, 'refresh');
    await see(sandbox, 'ada verified in 1');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
  });

  test('is unavailable if the SDK cannot be loaded, until disconnect() loads the SDK', async ({
    sandbox,
    site,
    page,
  }) => {
    await page.route('**/packs/js/sdk.js', (route) => route.abort(), { times: 1 });
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'unavailable');
    site.user = null;
    await call(page, 'disconnect');
    await reach(page, 'anonymous');
    expect(await write(page, sandbox, 'hi')).toBe('anonymous');
  });

  test('is unavailable if the widget cannot be loaded after reset(), until refresh() sends the next user', async ({
    sandbox,
    site,
    page,
  }) => {
    // The fake clock is installed before the page loads, because it cannot stop timers that have already started.
    await page.clock.install();
    site.user = ada;
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
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

  test("is unavailable if the page has replaced the SDK's window.onmessage", async ({
    sandbox,
    site,
    page,
  }) => {
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

describe.concurrent('with Trusted Types,', () => {
  const enforced = "require-trusted-types-for 'script'";

  test('the SDK is loaded with the policy chatwoot-identity', async ({ sandbox, site, page }) => {
    site.headers = { 'content-security-policy': `${enforced}; trusted-types chatwoot-identity` };
    site.user = ada;
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
  });

  test('the chat is unavailable if the page forbids the policy chatwoot-identity, and the console shows advice', async ({
    sandbox,
    site,
    page,
  }) => {
    const [errors, warnings]: [Error[], string[]] = [[], []];
    page.on('pageerror', (error) => errors.push(error));
    page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
    site.headers = { 'content-security-policy': `${enforced}; trusted-types app` };
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'unavailable');
    expect(errors).toEqual([]);
    expect(warnings.join()).toContain('Trusted Types');
    expect(account(sandbox)).toEqual([]);
  });

  test('the chat works if the page lists other policies but does not enforce them', async ({
    sandbox,
    site,
    page,
  }) => {
    site.headers = { 'content-security-policy': 'trusted-types app' };
    site.user = ada;
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
  });
});

test.concurrent('a logout expires no cookie for a top-level domain or an IP address, which Firefox would log as an error', async ({
  site,
  page,
}) => {
  await page.addInitScript(() => {
    const { get, set } = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie')!;
    const written: string[] = [];
    Object.assign(window, { written });
    Object.defineProperty(document, 'cookie', {
      get: () => get!.call(document),
      set(value: string) {
        written.push(value);
        set!.call(document, value);
      },
    });
  });
  site.user = ada;
  const domains = async (url: string) => {
    await page.goto(url);
    await reach(page, 'connected');
    const written = (await page.evaluate('window.written')) as string[];
    return new Set(written.map((cookie) => /domain=(.*)/.exec(cookie)?.[1]));
  };
  expect(await domains(site.url)).toEqual(new Set([undefined]));
  expect(await domains(site.url.replace('127.0.0.1', 'app.site.localhost'))).toEqual(
    new Set([undefined, 'app.site.localhost', 'site.localhost']),
  );
  expect(await domains(site.url.replace('127.0.0.1', 'localhost'))).toEqual(new Set([undefined]));
});

describe.concurrent('under a content security policy,', () => {
  test("the chat works with default-src 'self', without inline scripts or a nonce", async ({
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

  test("the SDK is loaded with the page's nonce", async ({ sandbox, site, page }) => {
    site.headers = { 'content-security-policy': "script-src 'self' 'nonce-abc123'" };
    site.before = '<script nonce="abc123"></script>';
    site.user = ada;
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
  });
});
