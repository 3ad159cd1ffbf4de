import { runInNewContext } from 'node:vm';
import { createChatwootIdentity, type Identity } from '@chatwoot-identity/core';
import { startSandbox } from '@chatwoot-identity/sandbox';
import { build } from 'esbuild';
import { expect, test, vi } from 'vitest';
import { createApp } from '../sessions/auth0-jwt.js';
import { inbox } from '../sessions/inbox.js';
import { audience, startIssuer } from '../sessions/issuer.js';
import { serve } from '../sessions/server.js';
import { ada } from '../sessions/users.js';
import { launchChromium } from '../support/chromium.js';
import { codeBlocks, importCode } from './code-blocks.js';

const document = 'docs/mobile.md';
const [functions] = codeBlocks(document, 'js') as [string];
const [component] = codeBlocks(document, 'jsx') as [string];

interface Functions {
  fetchIdentity(url: string, accessToken: string): Promise<Identity | null>;
  escapeForWidget<Value>(value: Value): Value;
}

const { fetchIdentity, escapeForWidget } = await importCode<Functions>(functions);

type User = { identifier: string };

/**
 * Returns the script that @chatwoot/react-native-widget 0.0.21 runs in its WebView (createWootPostMessage in
 * src/utils.js).
 */
const scriptFor = (user: User) =>
  `window.postMessage('chatwoot-widget:${JSON.stringify({ event: 'set-user', identifier: user.identifier, user })}');`;

/**
 * Returns the message that the widget reads from the script. Returns undefined if the script or the widget's
 * JSON parser fails.
 */
function messageOf(user: User): unknown {
  let message: unknown;
  const window = {
    postMessage(data: string) {
      message = JSON.parse(data.slice('chatwoot-widget:'.length));
    },
  };
  try {
    runInNewContext(scriptFor(user), { window });
  } catch {}
  return message;
}

const profile = (name: string) => ({
  identifier: `user ${name}`,
  identifier_hash: '0'.repeat(64),
  name,
  email: 'ada@example.com',
  custom_attributes: { plan: name, seats: 3, trial: false },
});

const hostile = [
  "Miles O'Brien",
  'Ada "Countess" Lovelace',
  'two\nlines',
  'a\ttab',
  'a\r\nbreak',
  'C:\\users\\ada',
  "\\'",
  '\\"',
  '\\u0027',
  '\\\\u0027',
  "'+alert(1)+'",
  "');alert(1);//",
];
const plain = [
  'Ada Lovelace',
  'Zoë',
  '日本語',
  '👩‍👩‍👧‍👦',
  '</script>',
  '\u2028\u2029',
  '%27',
  '`code`',
  '\ud83d',
];

test.each(hostile)('the profile is lost or changed without the escape: %j', (name) => {
  const user = profile(name);
  expect(messageOf(user)).not.toEqual({ event: 'set-user', identifier: user.identifier, user });
});

test.each([...hostile, ...plain])('the profile arrives unchanged with the escape: %j', (name) => {
  const user = profile(name);
  expect(messageOf(escapeForWidget(user))).toEqual({ event: 'set-user', identifier: user.identifier, user });
});

test('every character of the Basic Multilingual Plane arrives unchanged with the escape', () => {
  const all = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).join('');
  expect(messageOf(escapeForWidget(profile(all)))).toMatchObject({ user: { name: all } });
});

test('the widget of the sandbox verifies a user with an apostrophe in the name', async () => {
  vi.spyOn(console, 'warn').mockReturnValue();
  const sandbox = await startSandbox();
  const browser = await launchChromium();
  try {
    const { identify } = createChatwootIdentity({ inbox: sandbox.inbox });
    const identity = (await identify({ identifier: "o'brien", name: `Miles "Chief" O'Brien` }))!;
    const page = await browser.newPage();
    await page.goto(`${sandbox.baseUrl}/widget?website_token=${sandbox.websiteToken}`);
    await page.evaluate(scriptFor(escapeForWidget(identity)));
    const event = await sandbox.until(({ type }) => type === 'set_user');
    expect(event).toMatchObject({ identifier: "o'brien", status: 200, verified: true });
    expect(sandbox.contacts.map(({ name }) => name)).toContain(`Miles "Chief" O'Brien`);
  } finally {
    await browser.close();
    await sandbox.close();
  }
});

test('the endpoint returns the identity for a bearer token, and refuses a token for another app', async () => {
  const issuer = await startIssuer();
  const app = await serve(() => createApp(issuer.issuer, audience));
  try {
    const url = `${app.origin}/chatwoot/identity`;
    const { identify } = createChatwootIdentity({ inbox });
    expect(await fetchIdentity(url, await issuer.accessToken(ada))).toEqual(
      await identify({ identifier: ada.id, name: ada.name, email: ada.email }),
    );
    expect(await fetchIdentity(url, await issuer.accessToken(ada, { aud: 'another app' }))).toBeNull();
    await expect(fetchIdentity(`${app.origin}/elsewhere`, '')).rejects.toThrow('404');
  } finally {
    await app.close();
    await issuer.close();
  }
});

test('the component passes the escaped profile, and the logout removes the session', async () => {
  const modules: Record<string, string> = {
    './chat': functions,
    '@chatwoot/react-native-widget': "export default 'ChatWootWidget';",
    '@react-native-async-storage/async-storage':
      'export const items = new Map([["cwCookie", "session"]]); export default { async removeItem(key) { items.delete(key); } };',
    'react/jsx-runtime': 'export const jsx = (type, props, key) => ({ type, props, key });',
  };
  const { outputFiles } = await build({
    stdin: {
      contents: `${component}\nexport { items } from '@react-native-async-storage/async-storage';`,
      loader: 'jsx',
    },
    bundle: true,
    format: 'esm',
    jsx: 'automatic',
    write: false,
    plugins: [
      {
        name: 'modules',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /./ }, ({ path }) => ({ path, namespace: 'modules' }));
          onLoad({ filter: /./, namespace: 'modules' }, ({ path }) => ({ contents: modules[path]! }));
        },
      },
    ],
  });
  const { SupportChat, endChat, items } = await importCode<{
    SupportChat(props: object): { type: string; key: string; props: { user: User; isModalVisible: boolean } };
    endChat(): Promise<void>;
    items: Map<string, string>;
  }>(outputFiles[0]!.text);

  const identity = profile("O'Brien");
  const { type, key, props } = SupportChat({ identity, isOpen: true, close() {} });
  expect([type, key, props.isModalVisible]).toEqual(['ChatWootWidget', identity.identifier, true]);
  expect(messageOf(props.user)).toMatchObject({ user: identity });
  await endChat();
  expect([...items.keys()]).toEqual([]);
});
