import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Sandbox, type SandboxOptions, startSandbox } from '@chatwoot-identity/sandbox';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.js';

/** A site that serves `html`, the page of the current test. */
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

/** Closes the sandbox and starts another one with these options. */
async function restart(options: SandboxOptions): Promise<void> {
  await sandbox.close();
  sandbox = await startSandbox(options);
}

/** Records every event of the SDK in `seen`, in order. */
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
/**
 * Reads a cookie in the page. `context.cookies()` is unsuitable: Chromium shows a cookie to other processes some time
 * after the page has set it.
 */
const cookie = async (name: string) =>
  (await page.evaluate<string>('document.cookie'))
    .split('; ')
    .find((each) => each.startsWith(`${name}=`))
    ?.slice(name.length + 1);
const userCookie = () => cookie(`cw_user_${sandbox.websiteToken}`);
/** Waits for the `set_user` request with index `n`, and returns the response's status and the user. */
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
/** Resolves when the iframe has handled all messages that the page has posted so far. */
const settled = async () => {
  const events = sandbox.record.length;
  await page.evaluate('$chatwoot.setCustomAttributes({ settled: Math.random() })');
  await sandbox.until((event) => event.index >= events && event.type === 'contact_update');
};
const widget = () => page.frameLocator('#chatwoot_live_chat_widget');

describe('setUser()', () => {
  it('identifies the user after ready, and sets the cookie before the response of the server arrives', async () => {
    await ready();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/set_user*', (route) => held.then(() => route.continue()));
    const user = { name: 'Ad\u00e1 \u{1f600}', email: 'ada@example.com', identifier_hash: hash('ada') };
    await setUser('ada', user);
    expect(await userCookie()).toMatch(/^[\da-f]{32}$/);
    expect(setUsers()).toEqual([]);
    release();
    expect(await outcome()).toEqual({ status: 200, identifier: 'ada', verified: true });
    await widget().getByText(`Verified: ${user.name}`).waitFor({ state: 'attached' });
    expect(await seen()).toEqual([
      ['loaded', null],
      ['ready', null],
    ]);
  });

  it('before generation 4.17 stores the MD5 of five fields as the fingerprint, with an empty string for a falsy field', async () => {
    await restart({ generation: '4.16' });
    await ready();
    const user = { name: 'Ad\u00e1 \u{1f600}', email: 'ada@example.com', identifier_hash: hash('ada') };
    await setUser('ada', { ...user, avatar_url: 0, phone_number: '+441234567' });
    const fields = `avatar_urlemail${user.email}name${user.name}identifier_hash${user.identifier_hash}identifierada`;
    expect(await userCookie()).toBe(createHash('md5').update(fields).digest('hex'));
    for (const length of [0, 1, 7, 8, 9, 55, 56, 63, 64, 65, 119, 120, 200]) {
      const name = 'n'.repeat(length + 1);
      await setUser('ada', { name });
      const text = `avatar_urlemailname${name}identifier_hashidentifierada`;
      expect(await userCookie()).toBe(createHash('md5').update(text).digest('hex'));
    }
  });

  it('since generation 4.17 stores the 128-bit FNV-1a of the JSON of the profile as the fingerprint', async () => {
    await ready();
    await setUser('ada', { name: 'Ad\u00e1', city: '', social_profiles: { x: 'a', github: 'b' } });
    const profile = [
      ...[
        ['avatar_url', ''],
        ['email', ''],
        ['name', 'Ad\u00e1'],
        ['identifier_hash', ''],
      ],
      ...[
        ['city', ''],
        [
          'social_profiles',
          [
            ['github', 'b'],
            ['x', 'a'],
          ],
        ],
        ['identifier', 'ada'],
      ],
    ];
    let digest = 144066263297769815596495629667062367629n;
    for (const byte of Buffer.from(JSON.stringify(profile))) {
      digest = ((digest ^ BigInt(byte)) * 309485009821345068724781371n) % 2n ** 128n;
    }
    expect(await userCookie()).toBe(digest.toString(16).padStart(32, '0'));
  });

  describe.each([
    ['4.16', 'skips', 1],
    ['4.18', 'sends', 2],
  ] as const)('in generation %s', (generation, does, requests) => {
    it.each([
      ['phone_number', '+441234567'],
      ['company_name', 'Analytical Engines'],
      ['city', 'London'],
      ['country_code', 'GB'],
      ['description', 'Countess'],
      ['social_profiles', { github: 'ada' }],
    ])(`${does} a user with a changed %s (issue 13448)`, async (key, value) => {
      await restart({ generation });
      await ready();
      await setUser('ada', { name: 'Ada', identifier_hash: hash('ada') });
      await outcome();
      await setUser('ada', { name: 'Ada', identifier_hash: hash('ada'), [key]: value });
      await settled();
      expect(setUsers()).toHaveLength(requests);
    });

    it('skips a user with changed custom attributes, and the identifier 42 after "42"', async () => {
      await restart({ generation });
      await ready();
      const user = { name: 'Ada', identifier_hash: hash('42'), social_profiles: { x: 'a', github: 'b' } };
      await setUser('42', user);
      await outcome();
      await setUser('42', { ...user, social_profiles: { github: 'b', x: 'a' } });
      await setUser('42', { ...user, custom_attributes: { plan: 'pro' } });
      await setUser(42, user);
      await settled();
      expect(setUsers()).toHaveLength(1);
    });
  });

  it('sends a user again after an update of Chatwoot, because the cookie has the old fingerprint', async () => {
    const user = { name: 'Ada', identifier_hash: hash('ada') };
    const { hmacToken, websiteToken } = sandbox;
    await restart({ hmacToken, websiteToken, generation: '4.16' });
    await ready();
    await setUser('ada', user);
    const old = await userCookie();
    await restart({ hmacToken, websiteToken, generation: '4.18' });
    await ready();
    await setUser('ada', user);
    await outcome();
    await setUser('ada', user);
    await settled();
    expect(await userCookie()).not.toBe(old);
    expect(setUsers()).toHaveLength(1);
  });

  it('skips the user even if the session is lost, so the user chats as an anonymous visitor (issues 5079, 7065)', async () => {
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

  it('throws the errors of the original SDK for invalid arguments', async () => {
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

  it('omits fields that Chatwoot does not read, and sends a number as a number', async () => {
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

  it('throws before run(), and has no effect before ready except an error event with {} (issue 6610)', async () => {
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

  it('reports a refused hash and removes the cookie, so a correct hash is sent afterwards', async () => {
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

  it('reveals the session token to the page if the request fails', async () => {
    await ready();
    await page.route('**/set_user*', (route) => route.abort());
    await setUser('ada', { name: 'Ada' });
    await until('error');
    expect(JSON.stringify((await seen()).at(-1))).toContain(await cookie('cw_conversation'));
  });

  it('passes the HTML of a server error to the page in an error event', async () => {
    await ready();
    await page.route('**/set_user*', (route) => route.fulfill({ status: 502, body: '<h1>Bad gateway</h1>' }));
    await setUser('ada', { name: 'Ada' });
    await until('error');
    expect((await seen()).at(-1)).toEqual(['error', '<h1>Bad gateway</h1>']);
  });

  it('opens a new session for another user, but the widget shows no replies in it until a reload (issue 15933)', async () => {
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
    await until('on-message'); // The reply to Ada was sent last, so the reply to Grace would have arrived before it.
    expect((await seen()).filter(([name]) => name === 'on-message')).toMatchObject([
      ['on-message', { content: 'for Ada' }],
    ]);
    await page.reload();
    await widget().getByText('for Grace').waitFor({ state: 'attached' });
  });
});

describe('reset()', () => {
  const ada = () => ({ name: 'Ada', identifier_hash: hash('ada') });
  const signIn = async () => {
    await setUser('ada', ada());
    await outcome();
  };

  it('dispatches no ready event, and an error event with {} if $chatwoot.user is still set', async () => {
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

  it('allows a change of user if the page clears $chatwoot.user first and waits for the message "loaded"', async () => {
    await ready();
    await signIn();
    await page.evaluate('$chatwoot.user = undefined; $chatwoot.reset()');
    await until('loaded', 2);
    await setUser('grace', { name: 'Grace', identifier_hash: hash('grace') });
    expect(await outcome(1)).toEqual({ status: 200, identifier: 'grace', verified: true });
    expect(sandbox.sessions.map(({ contact }) => contact.identifier)).toEqual(['ada', 'grace']);
    expect((await seen()).map(([name]) => name)).toEqual(['loaded', 'ready', 'loaded']);
  });

  it('leaves the old session in the history of the tab, so Back loads it into the iframe again', async () => {
    await ready();
    await signIn();
    await page.reload(); // the address of the iframe now contains the session
    await until('ready');
    const session = await cookie('cw_conversation');
    const entries = await page.evaluate<number>('history.length');
    await page.evaluate('$chatwoot.reset()');
    await until('loaded', 2);
    expect(await cookie('cw_conversation')).not.toBe(session);
    expect(await page.evaluate('history.length')).toBe(entries + 1);
    await page.evaluate('history.back()');
    await until('loaded', 3);
    expect(await cookie('cw_conversation')).toBe(session);
    await widget().getByText('Verified: Ada').waitFor({ state: 'attached' });
  });

  it('leaves the cookies of a baseDomain, so the next page resumes the verified session (issues 3870, 7070)', async () => {
    await ready(`window.chatwootSettings = { baseDomain: 'shop.localhost' }; ${run()}`);
    await signIn();
    const before = [await userCookie(), await cookie('cw_conversation')];
    await page.evaluate('$chatwoot.reset(); location.reload()');
    await sandbox.until((event) => event.type === 'session_resumed');
    expect([await userCookie(), await cookie('cw_conversation')]).toEqual(before);
  });
});

describe('the SDK', () => {
  it('throws in run() if the script is in <head>, because the script reads document.body', async () => {
    html = `<!doctype html><html><head>${sdk()}</head><body><script>
      try { ${run()} } catch (error) { window.failure = error.name }</script></body></html>`;
    await page.goto(siteUrl);
    expect(await page.evaluate('failure')).toBe('TypeError');
  });

  it('ignores a second script and a second call of run()', async () => {
    await ready(`${run()} chatwootSDK.run({ baseUrl: 'http://127.0.0.1:1', websiteToken: 'other' });`);
    await page.addScriptTag({ url: `${sandbox.baseUrl}/packs/js/sdk.js` });
    await page.evaluate(`chatwootSDK.run({ baseUrl: 'http://127.0.0.1:1', websiteToken: 'other' })`);
    expect(await page.evaluate('$chatwoot.websiteToken')).toBe(sandbox.websiteToken);
    expect(await page.locator('iframe').count()).toBe(1);
  });

  it('dispatches no events if the page assigns window.onmessage', async () => {
    html = shop(`${run()} window.onmessage = () => {};`);
    await page.goto(siteUrl);
    await until('loaded');
    await page.evaluate('new Promise((done) => setTimeout(done))'); // By now the SDK would have handled the message.
    expect(await seen()).toEqual([['loaded', null]]);
    expect(await page.evaluate('$chatwoot.hasLoaded')).toBe(false);
  });

  it('dispatches events that any frame can forge', async () => {
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

  it('dispatches no event if a wrong website token or a trailing slash in baseUrl causes a 404 in the iframe', async () => {
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

  it('works under a strict CSP, but without its styles', async () => {
    const origin = sandbox.baseUrl;
    csp = `default-src 'self'; script-src ${origin} 'unsafe-inline'; frame-src ${origin}; connect-src ${origin}`;
    await ready();
    expect(
      await page.locator('.woot-widget-holder').evaluate((holder) => getComputedStyle(holder).position),
    ).toBe('static');
    await setUser('ada', { name: 'Ada', identifier_hash: hash('ada') });
    expect(await outcome()).toMatchObject({ verified: true });
  });

  it('loses the session of the first inbox and skips setUser() if a site has two inboxes', async () => {
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

describe('elements:', () => {
  it('the elements have the ids and classes of the original SDK', async () => {
    await ready();
    const parents =
      await page.evaluate(`Array.from(document.querySelectorAll('[id^=cw-], [id^=chatwoot], [class*=woot-]'),
      (each) => [each.parentElement.id || each.parentElement.localName, each.localName, each.id, each.className])`);
    expect(parents).toEqual([
      ['body', 'style', 'cw-widget-styles', ''],
      ['body', 'div', 'cw-widget-holder', 'woot-widget-holder woot--hide woot-elements--right'],
      ['cw-widget-holder', 'iframe', 'chatwoot_live_chat_widget', ''],
      ['body', 'div', 'cw-bubble-holder', 'woot--bubble-holder'],
      ['cw-bubble-holder', 'button', '', 'woot-widget-bubble woot-elements--right'],
      ['cw-bubble-holder', 'button', '', 'woot-elements--right woot-widget-bubble woot--close woot--hide'],
    ]);
  });

  it('the elements are not restored if the page removes them, and the methods of $chatwoot throw', async () => {
    await ready();
    await page.evaluate(`document.body.replaceChildren()`);
    await expect(setUser('ada', { name: 'Ada' })).rejects.toThrow('TypeError');
    for (const call of [`toggle('open')`, 'reset()', `setLabel('vip')`, `toggleBubbleVisibility('hide')`]) {
      await expect(page.evaluate(`$chatwoot.${call}`)).rejects.toThrow('TypeError');
    }
    await page.evaluate(run()); // run() returns early, because $chatwoot exists.
    expect(await page.locator('iframe').count()).toBe(0);
    expect(await seen()).toEqual([
      ['loaded', null],
      ['ready', null],
    ]);
  });

  it('one button opens the chat, another button closes the chat, and only one of them is visible', async () => {
    await ready();
    const button = (name: string, expanded: boolean) => page.getByRole('button', { name, expanded });
    await button('Open the chat', false).press('Enter');
    await button('Close the chat', true).waitFor();
    await button('Open the chat', false).waitFor({ state: 'hidden' });
    await button('Close the chat', true).click();
    await button('Open the chat', false).waitFor();
    expect(await page.evaluate('document.activeElement.ariaLabel')).toBe('Open the chat');
  });

  it('Escape in the widget or on the button closes the chat', async () => {
    await ready();
    const open = page.getByRole('button', { name: 'Open the chat' });
    await open.click();
    await widget().getByLabel('Write a message').press('Escape');
    await until('closed');
    await open.click();
    await page.getByRole('button', { name: 'Close the chat' }).press('Escape');
    await until('closed', 2);
    await open.waitFor();
  });

  it('the text field has a font size of 16 pixels, so iOS does not zoom in', async () => {
    await ready();
    const field = widget().getByLabel('Write a message');
    expect(await field.evaluate((input) => getComputedStyle(input).fontSize)).toBe('16px');
  });

  it("the widget is dark if the page sets darkMode to 'dark'", async () => {
    await ready(`window.chatwootSettings = { darkMode: 'dark' }; ${run()}`);
    await widget().locator('html[data-theme=dark]').waitFor({ state: 'attached' });
    const colors = await widget()
      .locator('body')
      .evaluate((body) => [getComputedStyle(body).backgroundColor, getComputedStyle(body).color]);
    expect(colors).toEqual(['rgb(21, 23, 28)', 'rgb(237, 238, 240)']);
  });
});

describe('settings:', () => {
  const state = (names: string) => page.evaluate(`(({ ${names} }) => ({ ${names} }))($chatwoot)`);

  /** The settings in `$chatwoot` if the page sets none. */
  const defaults = {
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
    useBrowserLanguage: false,
  };
  const settings = () => state(Object.keys(defaults).join());

  it('chatwootSettings become properties of $chatwoot, with the defaults of the original SDK', async () => {
    await ready();
    expect(await settings()).toEqual(defaults);
    expect(await state('locale, baseDomain, resetTriggered, isOpen')).toEqual({
      locale: undefined,
      baseDomain: undefined,
      resetTriggered: false,
      isOpen: false,
    });
  });

  it('$chatwoot has no member settings and no member deleteUser', async () => {
    await ready();
    expect(await page.evaluate('Object.keys($chatwoot).sort()')).toEqual(
      [
        ...['baseUrl', 'baseDomain', 'websiteToken', 'locale', 'hasLoaded', 'isOpen', 'resetTriggered'],
        ...Object.keys(defaults),
        ...['toggle', 'toggleBubbleVisibility', 'popoutChatWindow', 'setUser', 'reset', 'setLocale'],
        ...['setCustomAttributes', 'deleteCustomAttribute', 'setLabel', 'removeLabel', 'setColorScheme'],
        ...['setConversationCustomAttributes', 'deleteConversationCustomAttribute'],
      ].sort(),
    );
  });

  it('falsy values result in the defaults', async () => {
    const falsy = {
      hideMessageBubble: 0,
      launcherTitle: null,
      showPopoutButton: '',
      useBrowserLanguage: null,
    };
    await ready(`window.chatwootSettings = ${JSON.stringify({ ...falsy, welcomeTitle: false })}; ${run()}`);
    expect(await settings()).toEqual(defaults);
  });

  it('setColorScheme() treats unknown values as light', async () => {
    await ready(`window.chatwootSettings = { darkMode: 'dark' }; ${run()}`);
    await widget().locator('html[data-theme=dark]').waitFor({ state: 'attached' });
    for (const [given, theme] of [
      ['night', 'light'],
      ['auto', 'auto'],
      [undefined, 'light'],
    ]) {
      await page.evaluate(`$chatwoot.setColorScheme(${JSON.stringify(given)})`);
      await widget().locator(`html[data-theme=${theme}]`).waitFor({ state: 'attached' });
    }
  });

  it('unknown values result in the defaults, and changes after run() are ignored', async () => {
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

  it("useBrowserLanguage replaces the locale with the browser's language, with an underscore for the first hyphen", async () => {
    await context.close();
    context = await browser.newContext({ locale: 'zh-Hant-TW' });
    page = await context.newPage();
    await ready(`window.chatwootSettings = { locale: 'de', useBrowserLanguage: true }; ${run()}`);
    expect(await state('locale')).toEqual({ locale: 'zh_Hant-TW' });
    await widget().locator('html[lang=zh_Hant-TW]').waitFor({ state: 'attached' });
  });

  it('an expanded bubble on the left can be hidden until toggleBubbleVisibility() shows it', async () => {
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

describe('cookies:', () => {
  it('the cookies expire after a year, are SameSite=Lax and host-only, and are readable by the page and the server', async () => {
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

describe('chat:', () => {
  it('toggle() opens, closes and toggles the chat, with one event for each change', async () => {
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

  it('the widget receives toggle-open and push-event when the chat opens, and toggle-close-button after a resize', async () => {
    await ready();
    await page.setViewportSize({ width: 390, height: 800 });
    await widget().locator('#close:not([hidden])').waitFor({ state: 'attached' });
    const frame = widget().locator('body');
    const heard = await frame.evaluateHandle(() => {
      const heard: { event: string }[] = [];
      addEventListener('message', ({ data }) =>
        heard.push(JSON.parse(String(data).replace(/^chatwoot-widget:/, ''))),
      );
      return heard;
    });
    await page.evaluate(`$chatwoot.toggle('open')`);
    await sandbox.until((event) => event.type === 'chat_opened');
    const opening = (await heard.jsonValue()).filter(({ event }) => event !== 'toggle-close-button');
    expect(opening).toEqual([
      { event: 'toggle-open', isOpen: true },
      { event: 'push-event', eventName: 'webwidget.triggered' },
    ]);
    await page.setViewportSize({ width: 1280, height: 800 });
    await widget().locator('#close[hidden]').waitFor({ state: 'attached' });
    expect(await heard.jsonValue()).toContainEqual({
      event: 'toggle-close-button',
      isMobile: false,
    });
  });

  it('the chat covers a narrow page, and only the button in its header closes the chat', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 390, height: 800 });
    await ready();
    await page.evaluate(`$chatwoot.toggle('open')`);
    const panel = page.locator('.woot-widget-holder');
    expect(await panel.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 800 });
    expect(await page.locator('.woot--close').isVisible()).toBe(false);
    await widget().getByRole('button', { name: 'Close the chat' }).click();
    await until('closed');
    await panel.waitFor({ state: 'hidden' });
  });

  it('labels and conversation attributes are set after the first message, and a reply opens the chat', async () => {
    await restart({ labels: ['vip'] });
    await ready();
    await page.evaluate(`$chatwoot.setLabel('vip'); $chatwoot.setConversationCustomAttributes({ order: 7 })`);
    await page.evaluate(`$chatwoot.toggle('open')`);
    await widget().getByLabel('Write a message').fill('<b>hello</b>');
    await widget().getByLabel('Write a message').press('Enter');
    await sandbox.until(() => sandbox.conversations[0]?.labels.has('vip') === true);
    await sandbox.until(() => sandbox.conversations[0]?.customAttributes.order === 7);
    await widget().getByText('<b>hello</b>').waitFor();
    expect(await seen()).toContainEqual(['on-start-conversation', { hasConversation: false }]);
    // A reply opens the chat only if the widget has been notified that the chat is closed.
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

describe("the agent's page", () => {
  const openAgent = async (options: BrowserContextOptions = {}) => {
    const agent = await (await browser.newContext(options)).newPage();
    await agent.goto(sandbox.baseUrl);
    await agent.locator('#list li').first().waitFor();
    return agent;
  };
  /** Calls `visit` with `page` temporarily set to the page of another visitor. */
  const asAnother = async (visit: () => Promise<void>) => {
    const before = page;
    page = await (await browser.newContext()).newPage();
    await ready();
    await visit();
    await page.context().close();
    page = before;
  };
  const write = async (content: string) => {
    await page.evaluate(`$chatwoot.toggle('open')`);
    await widget().getByLabel('Write a message').fill(content);
    await widget().getByLabel('Write a message').press('Enter');
    await sandbox.until((event) => event.type === 'message_created' && event.content === content);
  };
  const signIn = async () => {
    const count = setUsers().length;
    await setUser('ada', { name: 'Ada', identifier_hash: hash('ada') });
    await outcome(count);
  };
  /** Returns the texts of each row in the list, without the time. */
  const rows = (agent: Page) =>
    agent
      .locator('#list li')
      .evaluateAll((items) =>
        items.map((item) =>
          Array.from(item.querySelectorAll('b, .line, .badge'), (each) => each.textContent),
        ),
      );

  it('has one row for each contact, and a button for each of their chats with different content', async () => {
    await ready();
    await signIn();
    await write('from the first browser');
    await asAnother(signIn);
    const agent = await openAgent();
    expect(await rows(agent)).toEqual([['Ada', 'from the first browser', 'Verified']]);
    await agent.locator('#chats').waitFor({ state: 'hidden' });
    await asAnother(async () => {
      await setUser('ada', { name: 'Ada' });
      await write('I am Ada, believe me');
    });
    await agent.getByRole('button', { name: 'Chat 2: not verified', pressed: true }).waitFor();
    expect(await rows(agent)).toEqual([['Ada', 'I am Ada, believe me', 'Not verified']]);
    await agent.getByText('Anyone can claim to be them').waitFor();
    await agent.getByRole('button', { name: 'Chat 1: verified', pressed: false }).click();
    await agent.locator('#messages').getByText('from the first browser').waitFor();
    await agent.getByText('Anyone can claim to be them').waitFor({ state: 'hidden' });
    await agent.context().close();
  });

  it('shows the same messages as the widget in every verified browser of the user', async () => {
    await ready();
    await signIn();
    await write('from the first browser');
    await asAnother(async () => {
      await signIn();
      await write('from the second');
      const agent = await openAgent();
      await agent.getByLabel('Reply as the agent').fill('to both');
      await agent.getByRole('button', { name: 'Send' }).click();
      await widget().getByText('to both').waitFor();
      await agent.locator('#messages').getByText('to both').waitFor();
      const shown = await agent.locator('#messages li').allTextContents();
      expect(shown).toEqual(['from the first browser', 'from the second', 'to both']);
      expect(await widget().locator('#messages li').allTextContents()).toEqual(shown);
      await agent.context().close();
    });
    await widget().getByText('to both').waitFor();
  });

  it('does not count visitors without a message or a name as unverified', async () => {
    await ready();
    const agent = await openAgent();
    expect(await rows(agent)).toEqual([[expect.stringMatching(/^\w+-\w+-\d+$/), 'No message yet']]);
    expect(await agent.locator('#unverified').isHidden()).toBe(true);
    expect(await agent.locator('#warning').isHidden()).toBe(true);
    await write('hello');
    await agent.locator('#unverified', { hasText: '1 not verified' }).waitFor();
    await agent.locator('#list').getByText('Anonymous, not verified').waitFor();
    await agent.context().close();
  });

  it('logs with the time in seconds when a visitor opens the chat', async () => {
    await ready();
    const agent = await openAgent({ locale: 'en-GB' });
    const log = agent.locator('#events li');
    const texts = () => log.locator('span').allTextContents();
    expect(await texts()).toEqual(['A new visitor opened a page with the chat']);
    expect(await log.locator('time').textContent()).toMatch(/^\d\d:\d\d:\d\d$/);
    await page.evaluate(`$chatwoot.toggle('open')`);
    await log.getByText('was opened').waitFor();
    await page.reload();
    await log.getByText('opened another page with the chat').waitFor();
    expect((await texts()).filter((text) => text.includes('was opened'))).toHaveLength(1);
    await agent.context().close();
  });

  it('fits into 320 pixels, and its text field has a font size of 16 pixels', async () => {
    await ready();
    const name = 'Hubert Blaine Wolfeschlegelsteinhausenbergerdorff';
    const identifier = `user-${'0123456789'.repeat(8)}`;
    await setUser(identifier, { name, email: `${'hubert'.repeat(8)}@example.com` });
    await outcome();
    await write('w'.repeat(80));
    const agent = await openAgent({ viewport: { width: 320, height: 640 } });
    // Message previews (`.line`) are excluded, because they may be truncated with an ellipsis.
    const cutOff = () =>
      agent.locator('body :not(.line, option):visible').evaluateAll((all) =>
        all
          .filter((each) => {
            const { left, right } = each.getBoundingClientRect();
            return (
              left < 0 ||
              right > innerWidth ||
              each.scrollWidth > Math.max(each.clientWidth, Math.ceil(right - left))
            );
          })
          .map((each) => `${each.localName} ${each.id} ${each.textContent}`),
      );
    await agent.locator('#list').getByText(name).waitFor();
    expect(await cutOff()).toEqual([]);
    await agent.locator('#list').getByText(name).click();
    await agent.locator('#messages').getByText('www').waitFor();
    expect(await cutOff()).toEqual([]);
    const field = agent.getByLabel('Reply as the agent');
    expect((await field.boundingBox())!.y).toBeLessThan(640);
    expect(await field.evaluate((input) => getComputedStyle(input).fontSize)).toBe('16px');
    await agent.getByRole('button', { name: 'Settings' }).click();
    await agent.getByRole('button', { name: 'Reveal' }).click();
    expect(await cutOff()).toEqual([]);
    await agent.getByRole('button', { name: 'Back' }).click();
    await agent.locator('#list').getByText(name).waitFor();
    await agent.context().close();
  });

  it('is dark if the system uses a dark color scheme', async () => {
    await ready();
    const agent = await openAgent({ colorScheme: 'dark' });
    const background = await agent.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);
    expect(background).toBe('rgb(15, 17, 21)');
    await agent.context().close();
  });

  it('marks unverified users, shows HTML in names as text, enforces validation, replies, and manages the token', async () => {
    await ready();
    const agent = await context.newPage();
    let dialogs = 0;
    agent.on('dialog', (dialog) => {
      dialogs += 1;
      return dialog.dismiss();
    });
    await agent.goto(sandbox.baseUrl);
    const list = agent.locator('#list');
    await list.getByText('No message yet').waitFor();

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
