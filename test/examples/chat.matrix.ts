import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Sandbox, type SandboxEvent, startSandbox } from '@chatwoot-identity/sandbox';
import { createAdaptorServer } from '@hono/node-server';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createApp as expressApp } from '../../examples/express/app.js';
import { createApp as honoApp } from '../../examples/hono/app.js';
import { createApp as koaApp } from '../../examples/koa/app.js';
import { launchChromium } from '../support/chromium.js';

vi.spyOn(console, 'warn').mockImplementation(() => {}); // The sandbox logs that it is for development only.

let browser: Browser;
let sandbox: Sandbox;
let server: Server;
let url: string;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser.close());

beforeEach(async () => {
  sandbox = await startSandbox();
});

afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  server.closeAllConnections();
  server.close();
  await sandbox.close();
});

describe.each([
  ['Express', expressApp],
  ['Koa', koaApp],
  ['Hono', (options: Parameters<typeof honoApp>[0]) => createAdaptorServer(honoApp(options)) as Server],
])('the %s example', (_name, createApp) => {
  beforeEach(async () => {
    server = createApp({ inbox: sandbox.inbox }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  it('opens a verified chat for each of two users in two browsers', async () => {
    const ada = await visit();
    const brien = await visit();
    await signIn(ada, 'Ada Lovelace');
    await signIn(brien, "O'Brien </script>");

    for (const [page, identifier, name] of [
      [ada, 'user-1', 'Ada Lovelace'],
      [brien, 'user-3', "O'Brien </script>"],
    ] as const) {
      const event = await sandbox.until(isSetUser(identifier));
      expect(event).toMatchObject({ status: 200, verified: true, hmacVerified: true });
      expect(sandbox.contacts).toContainEqual(expect.objectContaining({ identifier, name }));
      await page.locator('#chat', { hasText: `${name} (${identifier})` }).waitFor();

      await write(page, `It is me, ${identifier}`);
      const message = await sandbox.until(isMessage(`It is me, ${identifier}`));
      expect(message).toMatchObject({ hmacVerified: true });
    }
    expect(await marks()).toEqual({ 'Ada Lovelace': 'Verified', "O'Brien </script>": 'Verified' });
  });

  it('marks an anonymous visitor as not verified in the inbox', async () => {
    const page = await visit();
    await page.locator('#chat', { hasText: 'You are an anonymous visitor.' }).waitFor();
    await write(page, 'I am the Queen');
    expect(await sandbox.until(isMessage('I am the Queen'))).toMatchObject({ hmacVerified: false });
    expect(sandbox.record.map(({ type }) => type)).not.toContain('set_user');
    expect(Object.values(await marks())).toEqual(['Anonymous, not verified']);
  });

  it('shows that the chat is unavailable if the server cannot read the session', async () => {
    vi.spyOn(console, 'error').mockImplementationOnce(() => {}); // the middleware logs the error
    const closed = () => {
      throw new Error('the vault is closed');
    };
    server.close();
    server = createApp({ inbox: Object.assign(closed, { baseUrl: '' }) as never }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const page = await (await browser.newContext()).newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await page
      .locator('#chat', { hasText: 'The chat is unavailable: the server could not read your session.' })
      .waitFor();
  });

  it('refuses a forged hash typed into the console', async () => {
    const mallory = await visit();
    await setUser(mallory, { identifier_hash: 'f'.repeat(64) });
    expect(await sandbox.until(isSetUser('user-1'))).toMatchObject({ status: 401, verified: false });
    expect(sandbox.contacts.map(({ identifier }) => identifier)).not.toContain('user-1');
  });

  it('refuses the forged hash in docs/sandbox.md, and the user remains verified in the chat', async () => {
    const docs = readFileSync(new URL('../../docs/sandbox.md', import.meta.url), 'utf8');
    const [, typed] = /`(\$chatwoot\.setUser\(.*?\))`/.exec(docs)!;
    const page = await visit();
    await signIn(page, 'Ada Lovelace');
    await sandbox.until(isSetUser('user-1'));
    await page.evaluate(typed!);
    expect(await sandbox.until(isSetUser('user-2'))).toMatchObject({ status: 401, verified: false });
    await write(page, 'It is still me');
    expect(await sandbox.until(isMessage('It is still me'))).toMatchObject({ hmacVerified: true });
    expect(await marks()).toEqual({ 'Ada Lovelace': 'Verified' });
  });

  it("refuses one user's hash with another user's identifier", async () => {
    const page = await visit();
    await signIn(page, 'Grace Hopper');
    await sandbox.until(isSetUser('user-2'));
    const { identifier_hash } = await page.evaluate(async () => (await fetch('/chatwoot/identity')).json());
    await setUser(page, { identifier_hash });
    expect(await sandbox.until(isSetUser('user-1'))).toMatchObject({ status: 401, verified: false });
  });

  it('marks a user without a hash as unverified if validation is not enforced', async () => {
    const mallory = await visit();
    await setUser(mallory, {});
    expect(await sandbox.until(isSetUser('user-1'))).toMatchObject({ status: 200, verified: false });
    expect(await marks()).toEqual({ 'Ada Lovelace': 'Not verified' });
  });

  it('refuses a forged or missing hash with 401 if an agent has enforced validation', async () => {
    const agent = await (await browser.newContext()).newPage();
    await agent.goto(sandbox.baseUrl);
    await agent.getByLabel('Enforce User Identity Validation').check();
    await sandbox.until(({ type }) => type === 'inbox_updated');
    expect(sandbox.hmacMandatory).toBe(true);

    for (const user of [{}, { identifier_hash: '' }, { identifier_hash: 'f'.repeat(64) }]) {
      const before = sandbox.record.length;
      const mallory = await visit();
      await setUser(mallory, user);
      const event = await sandbox.until((event) => event.index >= before && isSetUser('user-1')(event));
      expect(event).toMatchObject({ status: 401, verified: false, hmacVerified: false });
    }

    const ada = await visit();
    await signIn(ada, 'Ada Lovelace');
    const event = await sandbox.until(
      (event) => isSetUser('user-1')(event) && 'verified' in event && event.verified,
    );
    expect(event).toMatchObject({ status: 200, hmacVerified: true });
  });

  it("does not show a user's messages to the next user of the same browser", async () => {
    const page = await visit();
    await signIn(page, 'Ada Lovelace');
    await sandbox.until(isSetUser('user-1'));
    await write(page, 'My secret');
    await sandbox.until(isMessage('My secret'));

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.locator('#chat', { hasText: 'You are an anonymous visitor.' }).waitFor();
    const cookies = (await page.context().cookies(url)).map(({ name }) => name);
    expect(cookies).not.toContain(`cw_user_${sandbox.websiteToken}`);

    await signIn(page, 'Grace Hopper');
    expect(await sandbox.until(isSetUser('user-2'))).toMatchObject({ status: 200, verified: true });
    await openChat(page);
    expect(await chat(page).locator('#messages').textContent()).not.toContain('My secret');
  });

  it('verifies a second user who signs in before the first user has signed out', async () => {
    const page = await visit();
    await signIn(page, 'Ada Lovelace');
    await sandbox.until(isSetUser('user-1'));
    await page.evaluate(() =>
      fetch('/login', { method: 'POST', body: new URLSearchParams({ user: 'user-2' }), redirect: 'manual' }),
    );
    await page.reload();
    const event = await sandbox.until(isSetUser('user-2'));
    expect(event).toMatchObject({ status: 200, verified: true, hmacVerified: true });
    await write(page, 'It is me, Grace');
    expect(await sandbox.until(isMessage('It is me, Grace'))).toMatchObject({ hmacVerified: true });
    expect(await marks()).toMatchObject({ 'Ada Lovelace': 'Verified', 'Grace Hopper': 'Verified' });
  });
});

/** Opens the app in a new browser context, and waits for the chat. */
async function visit(): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(url);
  await ready(page);
  return page;
}

async function signIn(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name }).click();
  await page.getByRole('heading', { name: `Hello, ${name}` }).waitFor();
  await ready(page);
}

async function ready(page: Page): Promise<void> {
  await page.waitForFunction('window.$chatwoot?.hasLoaded');
}

/** Calls `setUser` with Ada's identifier and name, as an impersonator could in the browser's console. */
async function setUser(page: Page, user: object): Promise<void> {
  await page.evaluate(`$chatwoot.setUser('user-1', ${JSON.stringify({ name: 'Ada Lovelace', ...user })})`);
}

const chat = (page: Page) => page.frameLocator('#chatwoot_live_chat_widget');

async function openChat(page: Page): Promise<void> {
  await page.evaluate(`$chatwoot.toggle('open')`);
  await chat(page).getByRole('textbox').waitFor();
}

async function write(page: Page, text: string): Promise<void> {
  await openChat(page);
  await chat(page).getByRole('textbox').fill(text);
  await chat(page).getByRole('button', { name: 'Send' }).click();
}

/** Returns the verification badge of each visitor in the agent's list. The keys are the visitors' names. */
async function marks(): Promise<Record<string, string>> {
  const agent = await (await browser.newContext()).newPage();
  await agent.goto(sandbox.baseUrl);
  const entries = agent.locator('#list li');
  await entries.nth(sandbox.contacts.length - 1).waitFor();
  const texts = await entries.evaluateAll((items) =>
    items.map((item) => [item.querySelector('b')?.textContent, item.querySelector('.badge')?.textContent]),
  );
  return Object.fromEntries(texts);
}

const isSetUser = (identifier: string) => (event: SandboxEvent) =>
  event.type === 'set_user' && event.identifier === identifier;

const isMessage = (content: string) => (event: SandboxEvent) =>
  event.type === 'message_created' && event.content === content;
