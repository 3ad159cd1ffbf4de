import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Sandbox, startSandbox } from '@chatwoot-identity/sandbox';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.js';

/** A site that serves whatever page a test gives it. */
let html = '';
let csp: string | undefined;
const site = createServer((_request, response) => {
  if (csp) response.setHeader('Content-Security-Policy', csp);
  response.setHeader('Content-Type', 'text/html; charset=utf-8').end(html);
});
let siteUrl: string;
let browser: Browser;
beforeAll(async () => {
  await once(site.listen(0, '127.0.0.1'), 'listening');
  siteUrl = `http://www.shop.localhost:${(site.address() as AddressInfo).port}/`;
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  site.close();
  site.closeAllConnections();
});

let sandbox: Sandbox;
let context: BrowserContext;
let page: Page;
beforeEach(async () => {
  csp = undefined;
  sandbox = await startSandbox();
  context = await browser.newContext();
  page = await context.newPage();
});
afterEach(async () => {
  await context.close();
  await sandbox.close();
});

/** Keeps every event of the SDK in `seen`, in order. */
const listeners = `<script>window.seen = [];
for (const name of ['ready', 'error', 'on-start-conversation', 'on-message', 'opened', 'closed', 'postback'])
  addEventListener('chatwoot:' + name, ({ detail }) => seen.push([name, detail]));
addEventListener('message', ({ data }) => {
  if (String(data).startsWith('chatwoot-widget:{"event":"loaded"')) seen.push(['loaded', null]);
});</script>`;
const run = (inbox = sandbox) =>
  `chatwootSDK.run({ baseUrl: '${inbox.baseUrl}', websiteToken: '${inbox.websiteToken}' });`;
const sdk = (inbox = sandbox) => `<script src="${inbox.baseUrl}/packs/js/sdk.js"></script>`;
const shop = (script = run(), before = '') =>
  `<!doctype html><html><head><title>Shop</title></head><body><h1>Shop</h1>${listeners}${before}${sdk()}<script>${script}</script></body></html>`;

const hash = (identifier: string, inbox = sandbox) =>
  createHmac('sha256', inbox.hmacToken).update(identifier).digest('hex');
const seen = () => page.evaluate<[string, unknown][]>('seen');
const until = (name: string, count = 1) =>
  page.waitForFunction(`seen.filter(([each]) => each === '${name}').length >= ${count}`);
const setUser = (identifier: unknown, user: unknown) =>
  page.evaluate(`$chatwoot.setUser(${JSON.stringify(identifier)}, ${JSON.stringify(user)})`);
/** As the page sees it: Chromium tells others of a cookie only some time after the page has set it. */
const cookie = async (name: string) =>
  (await page.evaluate<string>('document.cookie'))
    .split('; ')
    .find((each) => each.startsWith(`${name}=`))
    ?.slice(name.length + 1);
const userCookie = () => cookie(`cw_user_${sandbox.websiteToken}`);
/** The outcome of the n-th set_user that the sandbox was asked for. */
const outcome = (n = 0) =>
  sandbox
    .until(() => setUsers().length > n)
    .then(() => {
      const { status, identifier, verified } = setUsers()[n]!;
      return { status, identifier, verified };
    });
const setUsers = () => sandbox.record.filter((event) => event.type === 'set_user');
const ready = async (script?: string, before?: string) => {
  html = shop(script, before);
  await page.goto(siteUrl);
  await until('ready');
};
/** Comes back after everything that was posted to the iframe before it was dealt with. */
const settled = async () => {
  const events = sandbox.record.length;
  await page.evaluate('$chatwoot.setCustomAttributes({ settled: Math.random() })');
  await sandbox.until((event) => event.index >= events && event.type === 'contact_update');
};
const widget = () => page.frameLocator('#chatwoot_live_chat_widget');

describe('setUser', () => {
  it('identifies at ready, and writes the md5 cookie before the server has answered', async () => {
    await ready();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/set_user*', (route) => held.then(() => route.continue()));
    const user = { name: 'Ad\u00e1 \u{1f600}', email: 'ada@example.com', identifier_hash: hash('ada') };
    await setUser('ada', user);
    const fields = `avatar_urlemail${user.email}name${user.name}identifier_hash${user.identifier_hash}identifierada`;
    expect(await userCookie()).toBe(createHash('md5').update(fields).digest('hex'));
    expect(setUsers()).toEqual([]);
    release();
    expect(await outcome()).toEqual({ status: 200, identifier: 'ada', verified: true });
    await widget().getByText(`Verified: ${user.name}`).waitFor({ state: 'attached' });
    expect(await seen()).toEqual([
      ['loaded', null],
      ['ready', null],
    ]);
  });

  it('agrees with MD5 at every length around a block', async () => {
    await ready();
    for (const length of [0, 1, 7, 8, 9, 55, 56, 63, 64, 65, 119, 120, 200]) {
      const name = 'n'.repeat(length + 1);
      await setUser('ada', { name });
      const text = `avatar_urlemailname${name}identifier_hashidentifierada`;
      expect(await userCookie()).toBe(createHash('md5').update(text).digest('hex'));
    }
  });

  it('skips the same user, a changed phone number and 42 after "42"', async () => {
    await ready();
    await setUser('42', { name: 'Ada', identifier_hash: hash('42') });
    await outcome();
    await setUser('42', {
      name: 'Ada',
      identifier_hash: hash('42'),
      phone_number: '+441234567',
      city: 'London',
    });
    await setUser(42, { name: 'Ada', identifier_hash: hash('42') });
    await settled();
    expect(setUsers()).toHaveLength(1);
    expect(sandbox.contacts[0]).toMatchObject({ phoneNumber: null, additionalAttributes: {} });
  });

  it('still skips when the session is gone: the user chats as somebody anonymous (issues 5079, 7065)', async () => {
    await ready();
    const ada = { name: 'Ada', identifier_hash: hash('ada') };
    await setUser('ada', ada);
    await outcome();
    await context.clearCookies({ name: 'cw_conversation' });
    await page.reload();
    await until('ready');
    await setUser('ada', ada);
    await settled();
    expect(sandbox.sessions.map(({ hmacVerified }) => hmacVerified)).toEqual([true, false]);
  });

  it('checks its arguments as the original does', async () => {
    await ready();
    const message = 'Identifier should be a string or a number';
    for (const identifier of [null, true, {}])
      await expect(setUser(identifier, { name: 'A' })).rejects.toThrow(message);
    await expect(setUser('a', { phone_number: '+441234567' })).rejects.toThrow(
      'User object should have one of the keys [avatar_url, email, name]',
    );
    await expect(setUser('a', undefined)).rejects.toThrow('TypeError');
    await expect(page.evaluate('$chatwoot.setCustomAttributes({})')).rejects.toThrow(
      'Custom attributes should have atleast one key',
    );
    await expect(page.evaluate('$chatwoot.deleteCustomAttribute()')).rejects.toThrow(
      'Custom attribute is required',
    );
    await setUser('', { name: 'Nobody' });
    expect((await outcome()).identifier).toBe('');
  });

  it('drops the fields that Chatwoot does not read, and keeps the type of a number', async () => {
    await ready();
    const sent = page.waitForRequest('**/set_user*');
    await setUser(42, { name: 'Ada', city: 'London', plan: 'pro', custom_attributes: { seats: 2 } });
    expect((await sent).postDataJSON()).toEqual({
      identifier: 42,
      name: 'Ada',
      custom_attributes: { seats: 2 },
      additional_attributes: { city: 'London' },
    });
  });

  it('before run() is a TypeError; before ready it is lost, and its replay is an error {} (issue 6610)', async () => {
    const early = `try { $chatwoot.setUser('ada', { name: 'Ada' }) } catch (error) { seen.push([error.name, null]) }`;
    const lost = `$chatwoot.setUser('ada', { name: 'Ada' });`;
    await ready(`${early}${run()}${lost}`);
    await until('error');
    expect(await seen()).toEqual([
      ['ReferenceError', null],
      ['loaded', null],
      ['ready', null],
      ['error', {}],
    ]);
    expect(await userCookie()).toBeUndefined();
    expect(setUsers()).toEqual([]);
  });

  it('reports a refused hash and removes its cookie, so that the right one is sent', async () => {
    await ready();
    await setUser('ada', { name: 'Ada', identifier_hash: 'f'.repeat(64) });
    await until('error');
    expect((await seen()).at(-1)).toEqual([
      'error',
      { error: 'HMAC failed: Invalid Identifier Hash Provided' },
    ]);
    expect(await userCookie()).toBeUndefined();
    await setUser('ada', { name: 'Ada', identifier_hash: hash('ada') });
    expect(await outcome(1)).toMatchObject({ status: 200, verified: true });
  });

  it('hands the page the session token when the network fails', async () => {
    await ready();
    await page.route('**/set_user*', (route) => route.abort());
    await setUser('ada', { name: 'Ada' });
    await until('error');
    expect(JSON.stringify((await seen()).at(-1))).toContain(await cookie('cw_conversation'));
  });

  it('hands the page the HTML of a server error', async () => {
    await ready();
    await page.route('**/set_user*', (route) => route.fulfill({ status: 502, body: '<h1>Bad gateway</h1>' }));
    await setUser('ada', { name: 'Ada' });
    await until('error');
    expect((await seen()).at(-1)).toEqual(['error', '<h1>Bad gateway</h1>']);
  });

  it('of another user opens a session of its own; its replies stay unseen until a reload (issue 15933)', async () => {
    await ready();
    await setUser('ada', { name: 'Ada', identifier_hash: hash('ada') });
    await outcome();
    const first = await cookie('cw_conversation');
    await setUser('grace', { name: 'Grace', identifier_hash: hash('grace') });
    await widget().getByText('Verified: Grace').waitFor({ state: 'attached' });
    expect(await cookie('cw_conversation')).not.toBe(first);
    expect(sandbox.sessions.map(({ contact }) => contact.identifier)).toEqual(['ada', 'grace']);
    sandbox.reply(sandbox.sessions[1]!.id, 'for Grace');
    sandbox.reply(sandbox.sessions[0]!.id, 'for Ada');
    await until('on-message'); // Ada's, which came after Grace's
    expect((await seen()).filter(([name]) => name === 'on-message')).toMatchObject([
      ['on-message', { content: 'for Ada' }],
    ]);
    await page.reload();
    await widget().getByText('for Grace').waitFor({ state: 'attached' });
  });
});

describe('reset', () => {
  const ada = () => ({ name: 'Ada', identifier_hash: hash('ada') });
  const signIn = async () => {
    await setUser('ada', ada());
    await outcome();
  };

  it('never gives a second ready, and replays the user that it did not clear as an error {}', async () => {
    await ready();
    await signIn();
    await page.evaluate('$chatwoot.reset()');
    expect(await userCookie()).toBeUndefined();
    await until('error');
    expect(await seen()).toEqual([
      ['loaded', null],
      ['ready', null],
      ['loaded', null],
      ['error', {}],
    ]);
    expect(sandbox.sessions).toHaveLength(2);
    expect(await page.evaluate('[$chatwoot.hasLoaded, $chatwoot.resetTriggered]')).toEqual([true, true]);
  });

  it('the switch that works: clear the user, reset, wait for loaded, set the next user', async () => {
    await ready();
    await signIn();
    await page.evaluate('$chatwoot.user = undefined; $chatwoot.reset()');
    await until('loaded', 2);
    await setUser('grace', { name: 'Grace', identifier_hash: hash('grace') });
    expect(await outcome(1)).toEqual({ status: 200, identifier: 'grace', verified: true });
    expect(sandbox.sessions.map(({ contact }) => contact.identifier)).toEqual(['ada', 'grace']);
    expect((await seen()).map(([name]) => name)).toEqual(['loaded', 'ready', 'loaded']);
  });

  it('leaves the cookies of a baseDomain: the next page resumes the verified session (issues 3870, 7070)', async () => {
    await ready(`window.chatwootSettings = { baseDomain: 'shop.localhost' }; ${run()}`);
    await signIn();
    const before = [await userCookie(), await cookie('cw_conversation')];
    await page.evaluate('$chatwoot.reset(); location.reload()');
    await sandbox.until((event) => event.type === 'session_resumed');
    expect([await userCookie(), await cookie('cw_conversation')]).toEqual(before);
  });
});

describe('loading', () => {
  it('the body is looked up when the script is evaluated: in <head>, run() breaks', async () => {
    html = `<!doctype html><html><head>${sdk()}</head><body><script>
      try { ${run()} } catch (error) { window.failure = error.name }</script></body></html>`;
    await page.goto(siteUrl);
    expect(await page.evaluate('failure')).toBe('TypeError');
  });

  it('a second run() and a second script change nothing', async () => {
    await ready(`${run()} chatwootSDK.run({ baseUrl: 'http://127.0.0.1:1', websiteToken: 'other' });`);
    await page.addScriptTag({ url: `${sandbox.baseUrl}/packs/js/sdk.js` });
    await page.evaluate(`chatwootSDK.run({ baseUrl: 'http://127.0.0.1:1', websiteToken: 'other' })`);
    expect(await page.evaluate('$chatwoot.websiteToken')).toBe(sandbox.websiteToken);
    expect(await page.locator('iframe').count()).toBe(1);
  });

  it('a page that assigns window.onmessage hears nothing', async () => {
    html = shop(`${run()} window.onmessage = () => {};`);
    await page.goto(siteUrl);
    await until('loaded');
    await page.evaluate('new Promise((done) => setTimeout(done))'); // the SDK would have handled that message by now
    expect(await seen()).toEqual([['loaded', null]]);
    expect(await page.evaluate('$chatwoot.hasLoaded')).toBe(false);
  });

  it('any frame may forge events: they prove nothing', async () => {
    await ready();
    await page.evaluate(`new Promise((done) => {
      addEventListener('message', done, { once: true });
      const frame = document.createElement('iframe');
      frame.srcdoc = "<script>parent.postMessage('chatwoot-widget:' + JSON.stringify(" +
        "{ event: 'error', errorType: 'FORGED', data: 'forged' }), '*')</" + "script>";
      document.body.append(frame);
    })`);
    expect(await seen()).toContainEqual(['error', 'forged']);
  });

  it('a wrong website token or a trailing slash: the iframe gets a 404, and the page no event at all', async () => {
    for (const script of [
      `chatwootSDK.run({ baseUrl: '${sandbox.baseUrl}', websiteToken: 'wrong' });`,
      `chatwootSDK.run({ baseUrl: '${sandbox.baseUrl}/', websiteToken: '${sandbox.websiteToken}' });`,
    ]) {
      html = shop(script);
      const answer = page.waitForResponse('**/widget?*');
      await page.goto(siteUrl, { waitUntil: 'load' });
      expect((await answer).status()).toBe(404);
      expect(await seen()).toEqual([]);
    }
  });

  it('a strict CSP blocks the style, and nothing else', async () => {
    const origin = sandbox.baseUrl;
    csp = `default-src 'self'; script-src ${origin} 'unsafe-inline'; frame-src ${origin}; connect-src ${origin}`;
    await ready();
    expect(
      await page.locator('#cw-widget-holder').evaluate((holder) => getComputedStyle(holder).position),
    ).toBe('static');
    await setUser('ada', { name: 'Ada', identifier_hash: hash('ada') });
    expect(await outcome()).toMatchObject({ verified: true });
  });

  it('two inboxes on one site overwrite each other: the first is lost, and its setUser skipped', async () => {
    const other = await startSandbox();
    const ada = (inbox: Sandbox) => ({ name: 'Ada', identifier_hash: hash('ada', inbox) });
    await ready();
    await setUser('ada', ada(sandbox));
    await outcome();
    html = shop(run(other)).replace(sdk(), sdk(other));
    await page.goto(siteUrl);
    await until('ready');
    await setUser('ada', ada(other));
    await other.until((event) => event.type === 'set_user');
    await ready();
    await setUser('ada', ada(sandbox));
    await settled();
    expect(sandbox.sessions.map(({ hmacVerified }) => hmacVerified)).toEqual([true, false]);
    await other.close();
  });
});

describe('settings', () => {
  const state = (names: string) => page.evaluate(`(({ ${names} }) => ({ ${names} }))($chatwoot)`);

  it('are the defaults of the original when there are none', async () => {
    await ready();
    expect(await page.evaluate('$chatwoot.settings')).toEqual({
      hideMessageBubble: false,
      position: 'right',
      type: 'standard',
      launcherTitle: '',
      showPopoutButton: false,
      showUnreadMessagesDialog: true,
      widgetStyle: 'standard',
      darkMode: 'light',
      welcomeTitle: '',
      welcomeDescription: '',
      availableMessage: '',
      unavailableMessage: '',
      enableFileUpload: undefined,
      enableEmojiPicker: true,
      enableEndConversation: true,
    });
    expect(await state('locale, useBrowserLanguage, baseDomain, resetTriggered, isOpen')).toEqual({
      locale: undefined,
      useBrowserLanguage: false,
      baseDomain: undefined,
      resetTriggered: false,
      isOpen: false,
    });
  });

  it('take known values only, once, when run() is called', async () => {
    await ready(`window.chatwootSettings = { position: 'Left', type: 'bubble', widgetStyle: 'round', darkMode: 'night',
      showUnreadMessagesDialog: false, unheardOf: 1 }; ${run()} chatwootSettings.position = 'left';`);
    expect(await state('position, type, widgetStyle, darkMode, showUnreadMessagesDialog, unheardOf')).toEqual(
      {
        position: 'right',
        type: 'standard',
        widgetStyle: 'standard',
        darkMode: 'light',
        showUnreadMessagesDialog: false,
        unheardOf: undefined,
      },
    );
  });

  it('the browser comes before the locale, with a line below instead of its first hyphen', async () => {
    await context.close();
    context = await browser.newContext({ locale: 'zh-Hant-TW' });
    page = await context.newPage();
    await ready(`window.chatwootSettings = { locale: 'de', useBrowserLanguage: true }; ${run()}`);
    expect(await state('locale')).toEqual({ locale: 'zh_Hant-TW' });
    await widget().locator('html[lang=zh_Hant-TW]').waitFor({ state: 'attached' });
  });

  it('an expanded bubble on the left that is hidden, until it is shown', async () => {
    const early = `try { $chatwoot.toggleBubbleVisibility('show') } catch (error) { seen.push([error.name, null]) }`;
    await ready(`window.chatwootSettings = { position: 'left', type: 'expanded_bubble', launcherTitle: 'Chat with us',
      hideMessageBubble: true }; ${run()} ${early}`);
    expect((await seen())[0]).toEqual(['TypeError', null]);
    const bubble = page.locator('.woot-widget-bubble', { hasText: 'Chat with us' });
    await bubble.waitFor({ state: 'hidden' });
    await page.evaluate(`$chatwoot.toggleBubbleVisibility('show')`);
    await bubble.waitFor({ state: 'visible' });
    expect((await bubble.boundingBox())?.x).toBeLessThan(30);
  });
});

describe('cookies', () => {
  it('are for a year, lax, for the host alone, and within reach of the page and of its server', async () => {
    await ready();
    await setUser('ada', { name: 'Ada', identifier_hash: hash('ada') });
    const year = 365 * 24 * 60 * 60;
    const cookies = () => context.cookies(siteUrl);
    await expect.poll(async () => (await cookies()).length).toBe(2);
    for (const cookie of await cookies()) {
      expect(cookie).toMatchObject({
        name: expect.stringMatching(`^cw_(conversation|user_${sandbox.websiteToken})$`),
        domain: 'www.shop.localhost',
        path: '/',
        sameSite: 'Lax',
        httpOnly: false,
        secure: false,
      });
      expect(Math.abs(cookie.expires - Date.now() / 1000 - year)).toBeLessThan(60);
    }
  });
});

describe('chatting', () => {
  it('toggle opens, closes and turns, and says so once', async () => {
    await ready();
    for (const state of ['open', 'open', 'close', 'close', undefined, 'anything'])
      await page.evaluate(`$chatwoot.toggle(${JSON.stringify(state)})`);
    const said = (await seen()).filter(([name]) => ['opened', 'closed'].includes(name));
    expect(said).toEqual([
      ['opened', null],
      ['closed', null],
      ['opened', null],
      ['closed', null],
    ]);
  });

  it('labels and conversation attributes wait for the conversation; a reply opens the panel', async () => {
    await ready();
    await page.evaluate(`$chatwoot.setLabel('vip'); $chatwoot.setConversationCustomAttributes({ order: 7 })`);
    await page.evaluate(`$chatwoot.toggle('open')`);
    await widget().getByLabel('Write a message').fill('<b>hello</b>');
    await widget().getByLabel('Write a message').press('Enter');
    await sandbox.until(() => sandbox.conversations[0]?.labels.has('vip') === true);
    await sandbox.until(() => sandbox.conversations[0]?.customAttributes.order === 7);
    await widget().getByText('<b>hello</b>').waitFor();
    expect(await seen()).toContainEqual(['on-start-conversation', { hasConversation: false }]);
    // A reply only opens what knows that it is closed.
    const body = widget().locator('body');
    await body.evaluate(() => {
      const heard = new Promise<void>((done) => {
        addEventListener('message', ({ data }) => String(data).includes('"isOpen":false') && done());
      });
      Object.assign(window, { heard });
    });
    await page.evaluate(`$chatwoot.toggle('close')`);
    await body.evaluate(() => (window as unknown as { heard: Promise<void> }).heard);
    sandbox.reply(sandbox.sessions[0]!.id, 'hi there');
    await until('opened', 2);
    await widget().getByText('hi there').waitFor();
    expect((await seen()).map(([name]) => name).slice(-4)).toEqual([
      'on-message',
      'closed',
      'on-message',
      'opened',
    ]);
  });
});

describe("the agent's side", () => {
  it('marks who is not verified, shows hostile names as text, enforces, reveals, rotates and replies', async () => {
    await ready();
    const agent = await context.newPage();
    let dialogs = 0;
    agent.on('dialog', (dialog) => {
      dialogs += 1;
      return dialog.dismiss();
    });
    await agent.goto(sandbox.baseUrl);
    const list = agent.locator('#list');
    await list.getByText('Anonymous, not verified').waitFor();

    const name = '</script><script>alert(1)</script><img src=x onerror=alert(1)>';
    await setUser('eve', { name });
    await list.getByText(name).waitFor();
    await list.getByText('Not verified', { exact: true }).waitFor();
    await agent.getByText('The identity of this user is not verified.').waitFor();

    await setUser('eve', { name, identifier_hash: hash('eve') });
    await list.getByText('Verified', { exact: true }).waitFor();
    await agent.locator('#unverified').waitFor({ state: 'hidden' });
    expect(dialogs).toBe(0);

    await agent.getByLabel('Reply as the agent').fill('hello from the agent');
    await agent.getByRole('button', { name: 'Send' }).click();
    await widget().getByText('hello from the agent').waitFor();

    await agent.getByLabel('Enforce User Identity Validation').check();
    await sandbox.until((event) => event.type === 'inbox_updated' && event.hmacMandatory);
    await setUser('mallory', { name: 'Mallory' });
    expect(await outcome(2)).toMatchObject({ status: 401, verified: false });
    await agent.getByText('Refused with 401: mallory').waitFor();

    await agent.getByRole('button', { name: 'Reveal' }).click();
    await agent.getByText(sandbox.hmacToken).waitFor();
    await agent.getByRole('button', { name: 'Rotate the HMAC token' }).click();
    await sandbox.until((event) => event.type === 'hmac_token_rotated');
    await agent.getByText(sandbox.hmacToken).waitFor();
  });
});
