import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ChatwootIdentityOptions, chatwootIdentity, chatwootLogout } from '@chatwoot-identity/express';
import express from 'express';
import session from 'express-session';
import helmet from 'helmet';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { reach, write } from '../support/page.js';
import { account, test as base, see } from '../support/scene.js';

interface Shop {
  url: string;
  /** The options of the middleware. Set them before the first request. */
  options: Partial<ChatwootIdentityOptions>;
  csp: Parameters<typeof helmet>[0] | undefined;
  /** Deletes all logins, as a restart of the session store does. */
  forgetSessions(): void;
}

const NAMES: Record<string, string> = {
  ada: 'Ada Lovelace',
  bob: "Bob O'Brien",
  eve: '</script><script>window.hacked = true</script>',
};

/** A test with an Express app that injects the chat into its pages. Each test starts a new app. */
const test = base.extend<{ shop: Shop }>({
  async shop({ sandbox }, use) {
    const app = express();
    const store = new session.MemoryStore();
    const shop: Shop = {
      url: '',
      options: {},
      csp: undefined,
      forgetSessions: () => store.clear(),
    };
    let chat: express.RequestHandler | undefined;
    app.use((req, res, next) => (shop.csp ? helmet(shop.csp)(req, res, next) : next()));
    app.use(session({ secret: 'keyboard cat', resave: false, saveUninitialized: false, store }));
    app.use((req, res, next) => {
      chat ??= chatwootIdentity({
        inbox: sandbox.inbox,
        contact: ({ session: { userId } }) => (userId ? { identifier: userId, name: NAMES[userId] } : null),
        inject: true,
        ...shop.options,
      });
      return chat(req, res, next);
    });
    app.get('/login/:user', (req, res) => {
      req.session.userId = req.params.user;
      res.redirect('/');
    });
    app.get('/logout', (req, res, next) => {
      chatwootLogout(res);
      req.session.destroy((error) => (error ? next(error) : res.redirect('/')));
    });
    app.get('/silent-logout', (req, res, next) => {
      req.session.destroy((error) => (error ? next(error) : res.redirect('/')));
    });
    app.get(['/', '/other'], (req, res) => {
      res.send(`<!doctype html><title>Shop</title><body><h1>${req.path}</h1></body></html>`);
    });
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    shop.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await use(shop);
    server.closeAllConnections();
    server.close();
  },
});

const cookies = async (page: Page) => (await page.context().cookies()).map(({ name }) => name);

describe('the chat on the pages of an Express app', () => {
  test('has the right user after each login, reload, change of user and logout', async ({
    shop,
    sandbox,
    page,
  }) => {
    await page.goto(shop.url);
    await reach(page, 'anonymous');
    await page.goto(`${shop.url}/login/ada`);
    await see(sandbox, 'ada verified in 1');
    await reach(page, 'connected');
    expect(await write(page, sandbox, 'from Ada')).toBe('ada, verified');
    await page.reload();
    await reach(page, 'connected');
    await page.goto(`${shop.url}/login/bob`);
    await see(sandbox, 'bob verified in 2');
    expect(await write(page, sandbox, 'from Bob')).toBe('bob, verified');
    await page.goto(`${shop.url}/logout`);
    await reach(page, 'anonymous');
    expect(await write(page, sandbox, 'anonymous message')).toBe('anonymous');
    await page.goto(`${shop.url}/login/ada`);
    await see(sandbox, 'ada verified in 3');
    expect(account(sandbox).filter((line) => / (4\d\d|unverified) /.test(line))).toEqual([]);
  });

  test('has no cookies after a logout with a redirect', async ({ shop, sandbox, page }) => {
    shop.options = { inject: { anonymous: 'hide' } };
    await page.goto(`${shop.url}/login/ada`);
    await see(sandbox, 'ada verified in 1');
    expect(await cookies(page)).toContain(`cw_user_${sandbox.websiteToken}`);
    await page.goto(`${shop.url}/logout`);
    await reach(page, 'anonymous');
    expect((await cookies(page)).filter((name) => name.startsWith('cw_'))).toEqual([]);
    expect(sandbox.sessions).toHaveLength(1);
  });

  test.for(['/silent-logout', '/other'])(
    'is reset on the next page after the login has expired (%s)',
    async (path, { shop, sandbox, page }) => {
      await page.goto(`${shop.url}/login/ada`);
      await see(sandbox, 'ada verified in 1');
      await reach(page, 'connected');
      if (path === '/other') shop.forgetSessions();
      await page.goto(shop.url + path);
      await reach(page, 'anonymous');
      expect(await cookies(page)).not.toContain(`cw_user_${sandbox.websiteToken}`);
      expect(await write(page, sandbox, 'who am I')).toBe('anonymous');
    },
  );

  test('is anonymous if the visitor presses Back after the logout', async ({ shop, sandbox, page }) => {
    await page.goto(`${shop.url}/login/ada`);
    await see(sandbox, 'ada verified in 1');
    await reach(page, 'connected');
    await page.goto(`${shop.url}/other`);
    await reach(page, 'connected');
    await page.goto(`${shop.url}/logout`);
    await reach(page, 'anonymous');
    await page.goBack();
    await reach(page, 'anonymous');
    expect(await write(page, sandbox, 'after going back')).toBe('anonymous');
  });

  test("works under helmet's strict policy without a nonce if the policy allows Chatwoot's host", async ({
    shop,
    sandbox,
    page,
  }) => {
    shop.csp = {
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          scriptSrc: ["'self'", sandbox.baseUrl],
          frameSrc: [sandbox.baseUrl],
        },
      },
    };
    await page.goto(`${shop.url}/login/ada`);
    await see(sandbox, 'ada verified in 1');
    expect(await write(page, sandbox, 'under a policy')).toBe('ada, verified');
  });

  test('shows a name that contains a script as text', async ({ shop, sandbox, page }) => {
    await page.goto(`${shop.url}/login/eve`);
    await see(sandbox, 'eve verified in 1');
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(sandbox.contacts.find(({ identifier }) => identifier === 'eve')?.name).toBe(NAMES.eve);
  });

  test('works without a hash in the page and without warnings, and a reload transfers no body', async ({
    shop,
    sandbox,
    page,
  }) => {
    const complaints: string[] = [];
    const statuses: number[] = [];
    const pages: string[] = [];
    page.on('console', (message) => {
      if (['warning', 'error'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('response', async (response) => {
      if (response.request().resourceType() !== 'document' || !response.url().startsWith(shop.url)) return;
      statuses.push(response.status());
      if (response.status() === 200) pages.push(await response.text());
    });
    await page.goto(shop.url);
    await reach(page, 'anonymous');
    await page.goto(`${shop.url}/login/ada`);
    await see(sandbox, 'ada verified in 1');
    await reach(page, 'connected');
    // A reload sends the page's validators. Playwright reports the size of the body that was transferred.
    const revalidated = page.waitForEvent('requestfinished', (request) => request.url() === `${shop.url}/`);
    await page.reload();
    const sizes = await (await revalidated).sizes();
    expect(sizes.responseBodySize).toBe(0);
    await reach(page, 'connected');
    await page.goto(`${shop.url}/login/bob`);
    await see(sandbox, 'bob verified in 2');
    await reach(page, 'connected');
    await page.goto(`${shop.url}/logout`);
    await reach(page, 'anonymous');
    expect(complaints).toEqual([]);
    expect(pages.length).toBeGreaterThan(0);
    expect(pages.join()).toContain('id="chatwoot-identity"');
    expect(pages.join()).not.toMatch(/identifier_hash|[0-9a-f]{64}/);
    expect(statuses).toContain(302);
  });

  test("is verified with inject: 'inline', and the page script removes the identity from the document", async ({
    shop,
    sandbox,
    page,
  }) => {
    shop.options = { inject: 'inline' };
    const answer = page.waitForResponse(`${shop.url}/`);
    await page.goto(`${shop.url}/login/ada`);
    expect(await (await answer).text()).toContain('identifier_hash');
    await see(sandbox, 'ada verified in 1');
    expect(await page.content()).not.toContain('identifier_hash');
    await page.goto(`${shop.url}/login/bob`);
    await see(sandbox, 'bob verified in 2');
    await page.goto(`${shop.url}/logout`);
    await reach(page, 'anonymous');
    expect(await write(page, sandbox, 'anonymous message')).toBe('anonymous');
  });

  test('is unavailable if contact rejects, and the page is still sent', async ({ shop, sandbox, page }) => {
    shop.options = {
      contact: () => Promise.reject(new Error('the database is down')),
      onError: () => {},
    };
    await page.goto(`${shop.url}/other`);
    expect(await page.locator('h1').textContent()).toBe('/other');
    await reach(page, 'unavailable');
    await page.locator('.woot-widget-bubble').first().waitFor({ state: 'hidden' });
    expect(account(sandbox)).toEqual(['session 1']);
  });
});
