import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { gate } from '../support/gate.js';
import { call, connect, options, reach, write } from '../support/page.js';
import { account, ada, bob, see, test } from '../support/scene.js';

/** Collects the lines in a page's console, including errors that the browser reports. */
function consoleOf(page: Page): string[] {
  const lines: string[] = [];
  page.on('console', (message) => lines.push(message.text()));
  page.on('pageerror', (error) => lines.push(String(error)));
  return lines;
}

describe.concurrent('requests to the endpoint:', () => {
  test('the identity request has a unique URL, which prevents caching, and preserves the query string of identityUrl', async ({
    site,
    page,
  }) => {
    site.inlined = {};
    site.data = { identity_url: '/chatwoot/identity?tenant=a%20b' };
    await page.goto(site.url);
    await reach(page, 'anonymous');
    await call(page, 'refresh');
    const [first, second] = site.identityRequests;
    expect(first!.url).toMatch(/^\/chatwoot\/identity\?tenant=a%20b&cw=[0-9a-f]{16,}$/);
    expect(first!.url).not.toBe(second!.url);
    expect(first!.headers).toMatchObject({
      accept: expect.stringMatching(
        /^application\/vnd\.chatwoot-identity\+json;nonce=[0-9a-f]+, application\/json$/,
      ),
      'cache-control': 'no-cache',
    });
  });

  test("the identity request fails if the response is from a cache, which may contain another user's identity", async ({
    sandbox,
    site,
    page,
  }) => {
    site.inlined = {};
    const warning = page.waitForEvent('console', (message) => message.text().includes('from a cache'));
    await page.route('**/chatwoot/identity?*', (route) =>
      route.fulfill({ headers: { 'chatwoot-identity-nonce': '12ab' }, json: site.identity(ada) }),
    );
    await page.goto(site.url);
    await reach(page, 'unavailable');
    expect((await warning).text()).toContain('Exclude it from that cache');
    expect(account(sandbox)).toEqual(['session 1']);
  });

  test('the identity request causes no output in the console for an anonymous visitor', async ({
    site,
    page,
  }) => {
    const lines = consoleOf(page);
    site.inlined = {};
    await page.goto(site.url);
    await reach(page, 'anonymous');
    expect(lines.filter((line) => !line.includes('favicon'))).toEqual([]);
  });

  test('the identity request is not sent to another host, even if the page has a <base href>', async ({
    site,
    page,
  }) => {
    const foreign: string[] = [];
    page.on('request', (request) => request.url().includes('evil.example') && foreign.push(request.url()));
    site.user = ada;
    site.before = '<base href="https://evil.example/">';
    await page.goto(`${site.url}/bare`);
    await page.addScriptTag({ type: 'module', url: `${site.url}/app.js` });
    await page.waitForFunction('window.chat');
    await page.evaluate((options) => void window.chat.connect(undefined, options), options(site));
    await reach(page, 'connected');
    expect(site.identityRequests).toHaveLength(1);
    expect(foreign).toEqual([]);
  });

  test.for<[string, object]>([
    ['a value', { headers: { authorization: 'Bearer t1' } }],
    ['a function', { headers: 'sync' }],
    ['an asynchronous function', { headers: 'async' }],
  ])('the request has the headers that the app provides as %s', async ([, more], { sandbox, site, page }) => {
    site.user = ada;
    await page.goto(`${site.url}/app`);
    await page.evaluate(
      ([options, more]) => {
        const fresh = () => ({ authorization: 'Bearer t1', accept: 'text/html' });
        const { headers } = more as { headers: unknown };
        const given = headers === 'sync' ? fresh : headers === 'async' ? async () => fresh() : headers;
        void window.chat.connect(undefined, { ...options, headers: given as HeadersInit });
      },
      [options(site), more] as const,
    );
    await see(sandbox, 'ada verified in 1');
    expect(site.identityRequests[0]!.headers).toMatchObject({
      authorization: 'Bearer t1',
      accept: expect.stringMatching(
        /^application\/vnd\.chatwoot-identity\+json;nonce=[0-9a-f]+, application\/json$/,
      ),
    });
  });

  test('the identity request is not sent if the headers function rejects, and the console does not contain the reason', async ({
    site,
    page,
  }) => {
    const lines = consoleOf(page);
    await page.goto(`${site.url}/app`);
    await page.evaluate((options) => {
      const headers = () => Promise.reject(new Error('token s3cret expired'));
      void window.chat.connect(undefined, { ...options, headers });
    }, options(site));
    await reach(page, 'unavailable');
    expect(lines).toContain(
      "[chatwoot-identity] /chatwoot/identity not fetched: headers failed. Check identityUrl and the server's log",
    );
    expect(lines.join()).not.toContain('s3cret');
    expect(site.identityRequests).toEqual([]);
  });

  test('the identity request causes a console message with the problem detail if the endpoint responds with an error', async ({
    site,
    page,
  }) => {
    const lines = consoleOf(page);
    site.failure = 403;
    site.problem = { detail: 'Requests from other sites need "allowedOrigins".' };
    site.inlined = {};
    await page.goto(site.url);
    await reach(page, 'unavailable');
    expect(lines).toContain(
      '[chatwoot-identity] /chatwoot/identity returned 403, no identity. Requests from other sites need "allowedOrigins".',
    );
  });

  test('the identity request causes a console message about identityUrl if there is no endpoint at that URL', async ({
    site,
    page,
  }) => {
    const lines = consoleOf(page);
    site.failure = 404;
    site.inlined = {};
    await page.goto(site.url);
    await reach(page, 'unavailable');
    expect(lines).toContain(
      "[chatwoot-identity] /chatwoot/identity returned 404, no identity. Check identityUrl and the server's log",
    );
  });

  test("the identity request causes a console message about allowedOrigins if another origin's endpoint refuses the page", async ({
    site,
    page,
  }) => {
    const lines = consoleOf(page);
    const other = createServer((_request, response) => response.writeHead(403).end('{}'));
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const identityUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}/chatwoot/identity`;
    try {
      await page.goto(`${site.url}/app`);
      await page.evaluate((options) => void window.chat.connect(undefined, options), {
        ...options(site),
        identityUrl,
      });
      await reach(page, 'unavailable');
      expect(lines).toContain(
        `[chatwoot-identity] ${identityUrl} did not respond. Its allowedOrigins must name ${site.url}`,
      );
    } finally {
      other.closeAllConnections();
      other.close();
    }
  });
});

describe.concurrent('until the endpoint responds,', () => {
  test('the widget starts in a browser without a chat session', async ({ sandbox, site, page }) => {
    const answer = gate();
    site.onIdentityRequest = () => answer.opened;
    site.inlined = {};
    site.user = ada;
    await page.goto(site.url);
    await see(sandbox, 'session 1');
    await page.locator('.woot-widget-bubble').first().waitFor({ state: 'hidden' });
    answer.release();
    await see(sandbox, 'ada verified in 1');
    await page.locator('.woot-widget-bubble').first().waitFor({ state: 'visible' });
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
  });

  test('the widget does not start in a browser with a chat session, but the SDK is downloaded', async ({
    sandbox,
    site,
    page,
  }) => {
    site.inlined = {};
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    const answer = gate();
    site.onIdentityRequest = () => answer.opened;
    site.user = null;
    await page.reload();
    await page.waitForFunction('window.chatwootSDK');
    expect(await page.locator('#chatwoot_live_chat_widget').count()).toBe(0);
    answer.release();
    await reach(page, 'anonymous');
    expect(await write(page, sandbox, 'who?')).toBe('anonymous');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1', 'session 2']);
  });

  test("a session that starts after a logout on the server is not treated as the previous user's session", async ({
    sandbox,
    site,
    page,
    context,
  }) => {
    site.inlined = {};
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    await context.clearCookies();
    site.user = null;
    await page.reload();
    await reach(page, 'anonymous');
    expect(await write(page, sandbox, 'who?')).toBe('anonymous');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1', 'session 2']);
  });

  test("nothing is loaded from Chatwoot if the anonymous option is 'hide'", async ({
    sandbox,
    site,
    page,
  }) => {
    const loaded: string[] = [];
    page.on('request', (request) => request.url().startsWith(sandbox.baseUrl) && loaded.push(request.url()));
    const answer = gate();
    const asked = new Promise<void>((resolve) => {
      site.onIdentityRequest = () => {
        resolve();
        return answer.opened;
      };
    });
    site.inlined = {};
    site.data = { anonymous: 'hide' };
    await page.goto(site.url);
    await asked;
    answer.release();
    await reach(page, 'anonymous');
    expect(loaded).toEqual([]);
  });
});

test.concurrent('the identity of a user who has signed out is not used until the endpoint confirms the user', async ({
  expect,
  sandbox,
  site,
  page,
}) => {
  site.user = ada;
  await page.goto(`${site.url}/app`);
  await connect(page, site, ada);
  await reach(page, 'connected');
  expect(site.identityRequests).toEqual([]);
  site.user = null;
  await call(page, 'disconnect');
  await reach(page, 'anonymous');
  await connect(page, site, ada); // the identity is in a page that was prefetched before the logout
  await expect.poll(() => site.identityRequests.length).toBe(1);
  await reach(page, 'anonymous');
  expect(await write(page, sandbox, 'who?')).toBe('anonymous');
  site.user = ada; // she has signed in again
  await connect(page, site, ada);
  await reach(page, 'connected');
  await connect(page, site, ada);
  expect(site.identityRequests).toHaveLength(2);
  expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1', 'session 2', 'ada verified in 2']);
});

test.concurrent('with the confirm option, an identity of another user than the user in the chat is fetched from the endpoint', async ({
  expect,
  sandbox,
  site,
  page,
}) => {
  site.user = ada;
  await page.goto(`${site.url}/app`);
  await connect(page, site, bob, { confirm: true }); // from a page that was prefetched for bob
  await reach(page, 'connected');
  expect(site.identityRequests).toHaveLength(1);
  await connect(page, site, null, { confirm: true });
  await expect.poll(() => site.identityRequests.length).toBe(2);
  await reach(page, 'connected');
  await connect(page, site, ada, { confirm: true });
  await reach(page, 'connected');
  expect(site.identityRequests).toHaveLength(2);
  expect(await write(page, sandbox, 'still me')).toBe('ada, verified');
  expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
});

test.concurrent('a prerendered page that contains an identity requests the identity again when the page is shown', async ({
  sandbox,
  site,
  page,
}) => {
  await page.addInitScript(() =>
    Object.defineProperty(document, 'prerendering', { value: true, configurable: true }),
  );
  site.inlined = { identity: site.identity(ada) };
  site.user = ada;
  await page.goto(site.url, { waitUntil: 'load' });
  expect(await page.evaluate(() => document.querySelector('#chatwoot-identity'))).toBe(null);
  expect(site.identityRequests).toEqual([]);
  expect(account(sandbox)).toEqual([]);
  site.user = null;
  await page.evaluate(() => {
    Object.defineProperty(document, 'prerendering', { value: false });
    document.dispatchEvent(new Event('prerenderingchange'));
  });
  await reach(page, 'anonymous');
  expect(site.identityRequests).toHaveLength(1);
  expect(account(sandbox).join()).not.toContain('ada');
});
