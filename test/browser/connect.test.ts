import type { Sandbox } from '@chatwoot-identity/sandbox';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { hold } from '../support/hold.js';
import { call, collect, collected, connect, reach, setUser, snippet, wants, write } from '../support/page.js';
import { account, ada, bob, see, test } from '../support/scene.js';
import type { Site } from '../support/site.js';

describe.concurrent('a user who signs in', () => {
  test('is verified with the identity in the page', async ({ sandbox, site, page }) => {
    site.user = ada;
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
    expect(sandbox.contacts).toMatchObject([{ identifier: 'ada', email: 'ada@example.com' }]);
    expect(await write(page, sandbox, 'hello')).toBe('ada, verified');
  });

  test('is verified with the identity from the endpoint', async ({ sandbox, site, page }) => {
    site.user = ada;
    site.inlined = {};
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
  });

  test('is verified in an inbox that enforces validation', async ({ sandbox, site, page }) => {
    sandbox.hmacMandatory = true;
    await page.goto(`${site.url}/app`);
    await connect(page, site, ada);
    await see(sandbox, 'ada verified in 1');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
  });

  test('retains the session of the anonymous chat', async ({ sandbox, site, page }) => {
    await page.goto(site.url);
    await reach(page, 'anonymous');
    expect(await write(page, sandbox, 'who are you?')).toBe('anonymous');
    site.user = ada;
    await call(page, 'refresh');
    await see(sandbox, 'ada verified in 1');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
  });

  test('is verified with a name that contains HTML, and with all profile fields', async ({
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

  test('is verified if the base URL ends with a slash', async ({ sandbox, site, page }) => {
    site.user = ada;
    site.data = { base_url: `${sandbox.baseUrl}/` };
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
  });
});

describe.concurrent('a user', () => {
  test('is sent to Chatwoot once, even if React StrictMode causes several calls of connect()', async ({
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

  test('is not sent to Chatwoot again after a reload if Chatwoot has accepted the user', async ({
    sandbox,
    site,
    page,
  }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    await page.reload();
    await reach(page, 'connected');
    expect(await write(page, sandbox, 'again')).toBe('ada, verified');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1', 'resumed 1']);
  });

  test('is sent to Chatwoot again if the page is reloaded before Chatwoot has accepted the user', async ({
    sandbox,
    site,
    page,
  }) => {
    site.user = ada;
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
    await page.reload();
    await see(sandbox, 'ada verified in 1', 2);
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1', 'resumed 1', 'ada verified in 1']);
  });

  test('is sent to Chatwoot again with a new telephone number, which the SDK does not compare', async ({
    sandbox,
    site,
    page,
  }) => {
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

describe.concurrent('a change of user', () => {
  test('opens a new session without a reload', async ({ sandbox, site, page }) => {
    site.user = ada;
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
    site.user = bob;
    await call(page, 'refresh');
    await see(sandbox, 'bob verified in 2');
    expect(await write(page, sandbox, 'hi')).toBe('bob, verified');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1', 'session 2', 'bob verified in 2']);
  });

  test('opens a new session after a reload, without loading the session of the first user', async ({
    sandbox,
    site,
    page,
  }) => {
    site.user = ada;
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
    site.user = bob;
    await page.reload();
    await see(sandbox, 'bob verified in 2');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1', 'session 2', 'bob verified in 2']);
  });

  test('sends only the last user if connect() is called with several users in a row', async ({
    sandbox,
    site,
    page,
  }) => {
    await page.goto(`${site.url}/app`);
    await connect(page, site, ada);
    await connect(page, site, null);
    await connect(page, site, bob);
    await see(sandbox, 'bob verified in 1');
    expect(account(sandbox)).toEqual(['session 1', 'bob verified in 1']);
  });

  test('opens a new session while the first user is being sent to Chatwoot', async ({
    sandbox,
    site,
    page,
    context,
  }) => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const asked = new Promise<void>((resolve) =>
      context.route('**/set_user*', async (route) => {
        if (!route.request().postData()!.includes('"ada"')) return route.continue();
        resolve();
        await held;
        await route.continue().catch(() => {}); // the iframe that sent the request may already have been removed
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

describe.concurrent('a sign-out', () => {
  test('starts an anonymous session without a reload, and the user can sign in again', async ({
    sandbox,
    site,
    page,
    context,
  }) => {
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

  test("starts an anonymous session after a reload, without loading the user's session", async ({
    sandbox,
    site,
    page,
  }) => {
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

  test('starts an anonymous session while the chat is loading', async ({ sandbox, site, page }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    await page.goto(`${site.url}/app`);
    await connect(page, site, ada);
    await connect(page, site, null);
    await reach(page, 'anonymous');
    expect(await write(page, sandbox, 'hello?')).toBe('anonymous');
  });

  describe.concurrent("after a login within another user's session", () => {
    const signIn = async (sandbox: Sandbox, site: Site, browser: Browser, page: Page) => {
      const conversation = async (context: BrowserContext) =>
        (await context.cookies()).find(({ name }) => name === 'cw_conversation')!;
      site.user = bob;
      const other = await browser.newContext();
      const first = await other.newPage();
      await first.goto(site.url);
      await reach(first, 'connected');
      const planted = await conversation(other);
      await other.close();
      await page.context().addCookies([planted]);
      site.user = ada;
      await page.goto(site.url);
      await reach(page, 'connected');
      expect(account(sandbox)).toEqual([
        'session 1',
        'bob verified in 1',
        'resumed 1',
        'session 2',
        'ada verified in 2',
      ]);
      const { value } = await conversation(page.context());
      expect(value).not.toBe(planted.value);
      return value;
    };

    test("does not give the user's new session to the next anonymous visitor", async ({
      browser,
      sandbox,
      site,
      page,
      context,
    }) => {
      const session = await signIn(sandbox, site, browser, page);
      await context.clearCookies({ name: `cw_user_${sandbox.websiteToken}` }); // as the SDK does after an error
      site.user = null;
      await page.reload();
      await reach(page, 'anonymous');
      expect(await write(page, sandbox, 'who?')).toBe('anonymous');
      expect(JSON.stringify(await context.cookies())).not.toContain(session);
      expect(account(sandbox)).not.toContain('resumed 2');
    });

    test("deletes the user's new session even while the chat is loading", async ({
      browser,
      sandbox,
      site,
      page,
      context,
    }) => {
      const session = await signIn(sandbox, site, browser, page);
      const held = await hold(page, '**/widget?*', { times: 1 });
      await page.goto(site.url, { waitUntil: 'commit' });
      await held.arrived;
      await wants(page, 'ada');
      site.user = null;
      await call(page, 'disconnect');
      held.release();
      await reach(page, 'anonymous');
      expect(await write(page, sandbox, 'who?')).toBe('anonymous');
      expect(JSON.stringify(await context.cookies())).not.toContain(session);
    });
  });

  test('ends the session even if the SDK started it before this package was installed', async ({
    sandbox,
    site,
    page,
  }) => {
    site.before = snippet(site, { ready: setUser(site, ada) });
    await page.goto(`${site.url}/bare`);
    await see(sandbox, 'ada verified in 1');
    site.before = '';
    await page.goto(site.url);
    await see(sandbox, 'session 2');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1', 'session 2']);
  });
});

describe.concurrent("a visitor of a page with anonymous: 'hide'", () => {
  test('gets the chat on login and loses it on logout', async ({ sandbox, site, page }) => {
    site.data = { anonymous: 'hide' };
    await page.goto(site.url);
    await reach(page, 'anonymous');
    expect(await page.locator('#chatwoot_live_chat_widget').count()).toBe(0);
    site.user = ada;
    await call(page, 'refresh');
    await see(sandbox, 'ada verified in 1');
    const bubble = page.locator('.woot-widget-bubble').first();
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

  test('has no session after a logout and a reload', async ({ sandbox, site, page, context }) => {
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
