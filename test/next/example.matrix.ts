import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Sandbox, startSandbox } from '@chatwoot-identity/sandbox';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { endWithFile } from '../support/children.js';
import { launchChromium } from '../support/chromium.js';
import { write } from '../support/page.js';
import { buildTimeout, environmentOf, openApp, type Server } from './app.js';
import { listen, type Story } from './story.js';

const example = openApp(fileURLToPath(new URL('../../examples/next/', import.meta.url)), 'turbopack');

let sandbox: Sandbox;
let server: Server;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let story: Story;
let complaints: string[];

beforeAll(async () => {
  vi.spyOn(console, 'warn').mockReturnValue();
  sandbox = await startSandbox();
  const env = {
    SESSION_SECRET: 'a secret for tests, and for nothing else',
    CHATWOOT_HMAC_TOKEN: sandbox.hmacToken,
    CHATWOOT_WEBSITE_TOKEN: sandbox.websiteToken,
    CHATWOOT_BASE_URL: sandbox.baseUrl,
  };
  const { ok, log } = await example.build(env);
  expect(ok, log).toBe(true);
  server = await example.start(env);
  browser = await launchChromium();
}, buildTimeout);

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await sandbox?.close();
});

beforeEach(async () => {
  context = await browser.newContext();
  context.setDefaultTimeout(120_000); // the server must compile the first page
  page = await context.newPage();
  story = listen(sandbox);
  complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
});
afterEach(() => context.close());

const signIn = (name: string) => page.locator('.choice').getByText(name).click();
/** Waits for a status of `useChatwoot()`. */
const status = (wanted: string) => page.locator(`#chat[data-status="${wanted}"]`).waitFor();
const signOut = () => page.getByRole('button', { name: 'Sign out' }).click();

describe('the chat of a static page in fetch mode', () => {
  test('follows userKey after a login, a change of user and a logout', async () => {
    await page.goto(server.url);
    await status('anonymous');
    await signIn('Ada Lovelace');
    await story.see('user-1 verified in 1');
    expect(await write(page, sandbox, 'hello from the shop')).toBe('user-1, verified');
    await signIn('Grace Hopper');
    await story.see('user-2 verified in 2');
    await signOut();
    await story.see('session 3');
    expect(story.lines()).toEqual([
      'session 1',
      'user-1 verified in 1',
      'session 2',
      'user-2 verified in 2',
      'session 3',
    ]);
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([]); // The endpoint responds with 401 while no user is signed in.
  });

  test('needs no identity in the page, which is the same file for every visitor', async () => {
    const { headers } = await fetch(server.url);
    expect(headers.get('x-nextjs-cache')).toBe('HIT');
    expect(await (await fetch(server.url)).text()).not.toMatch(/[0-9a-f]{64}/);
  });

  test('is reset by a page load after the session has changed to another user', async () => {
    await page.goto(server.url);
    await signIn('Ada Lovelace');
    await story.see('user-1 verified in 1');
    await page.evaluate(() => fetch('/session', { method: 'POST', body: '{"user":"user-2"}' }));
    await page.reload();
    await story.see('user-2 verified in 2');
    expect(story.lines()).toEqual(['session 1', 'user-1 verified in 1', 'session 2', 'user-2 verified in 2']);
  });
});

describe('<Chatwoot /> on a dynamic page under a nonce policy', () => {
  test('has the right user after logins, a change of user and a logout by server actions', async () => {
    await page.goto(`${server.url}/account`);
    await status('anonymous');
    await signIn("O'Brien </script>");
    await story.see('user-3 verified in 1');
    await signIn('Ada Lovelace');
    await story.see('user-1 verified in 2');
    await signOut();
    await story.see('session 3');
    await signIn('Ada Lovelace');
    await story.see('user-1 verified in 3');
    expect(story.lines()).toEqual([
      'session 1',
      'user-3 verified in 1',
      'session 2',
      'user-1 verified in 2',
      'session 3',
      'user-1 verified in 3',
    ]);
    expect(complaints).toEqual([]); // Chromium logs violations of the policy.
  });

  test('does not weaken the policy, which blocks a script without the nonce', async () => {
    const response = await page.goto(`${server.url}/account`);
    expect(response?.headers()['content-security-policy']).toMatch(/'nonce-[\w+/=]+' 'strict-dynamic'/);
    await page.evaluate(() => {
      document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="window.broken = true">');
    });
    await expect.poll(() => complaints.some((text) => text.includes('Content Security Policy'))).toBe(true);
    expect(await page.evaluate(() => 'broken' in window)).toBe(false);
  });
});

test('a static page under a nonce policy runs no scripts in production', async () => {
  await page.route(`${server.url}/`, async (route) => {
    const headers = {
      'content-type': 'text/html',
      'content-security-policy': "script-src 'nonce-abc' 'strict-dynamic'",
    };
    await route.fulfill({ response: await route.fetch(), headers });
  });
  await page.goto(server.url);
  await expect.poll(() => complaints.some((text) => text.includes('Content Security Policy'))).toBe(true);
  expect(await page.locator('#chat').getAttribute('data-status')).toBe('idle');
});

test('a page of the Pages Router uses the identity from getServerSideProps', async () => {
  await page.goto(server.url);
  await signIn('Ada Lovelace');
  await story.see('user-1 verified in 1');
  await page.goto(`${server.url}/legacy`);
  await page.getByText('Orders of Ada Lovelace').waitFor();
  await status('connected');
  expect(await page.title()).toBe('Paper & Ink');
  expect(await write(page, sandbox, 'where is my order?')).toBe('user-1, verified');
  expect(complaints.filter((text) => !text.includes('401'))).toEqual([]); // The endpoint responds with 401 before the login.
  expect(story.lines().filter((line) => line.startsWith('session'))).toEqual(['session 1']);
  expect(await (await fetch(`${server.url}/api/chatwoot/identity`)).json()).toMatchObject({ status: 401 });
});

test('navigations do not load the SDK again and do not start another session', async () => {
  await page.goto(`${server.url}/account`);
  await signIn('Ada Lovelace');
  await story.see('user-1 verified in 1');
  await status('connected');
  for (const [link, path] of [
    ['Shop', '/'],
    ['Account', '/account'],
    ['Shop', '/'],
  ] as const) {
    await page.getByRole('link', { name: link }).click();
    await page.waitForURL(server.url + path);
    await status('connected');
  }
  expect(story.lines()).toEqual(['session 1', 'user-1 verified in 1']);
  expect(await page.locator('script[src$="/packs/js/sdk.js"]').count()).toBe(1);
});

test('no file of the example exports `dynamic`, which cacheComponents does not allow', async () => {
  const route = await readFile(`${example.folder}/app/chatwoot/identity/route.ts`, 'utf8');
  expect(route).toBe("export { GET } from '@/lib/chatwoot';\n");
  expect(await example.filesWith('export const dynamic', 'app')).toEqual([]);
});

test("npm start next prints the addresses of the app and the agent's page", async () => {
  const script = fileURLToPath(new URL('../../examples/start.js', import.meta.url));
  const env = { ...environmentOf({}), PORT: undefined, CHATWOOT_BASE_URL: undefined };
  const child = endWithFile(spawn(process.execPath, [script, 'next'], { env }));
  let app = '';
  for await (const line of createInterface(child.stdout)) {
    app ||= /^The app: +(\S+)$/.exec(line)?.[1] ?? '';
    if (line.startsWith("The agent's side:")) break;
  }
  expect(await (await fetch(app)).text()).toContain('Paper &amp; Ink');
  child.kill();
  await once(child, 'close');
});

test('no file in .next contains the HMAC token', async () => {
  expect(await example.filesWith(sandbox.hmacToken, '.next')).toEqual([]);
});
