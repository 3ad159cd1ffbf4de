import type { Status } from '@chatwoot-identity/browser';
import { type Sandbox, type SandboxEvent, startSandbox } from '@chatwoot-identity/sandbox';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { test as base, vi } from 'vitest';
import { launchChromium } from './chromium.js';
import { type Site, startSite } from './site.js';

interface Scene {
  sandbox: Sandbox;
  site: Site;
  /** One person's browser: a fresh profile. */
  context: BrowserContext;
  page: Page;
}

/** A test with its own inbox, site and browser profile. */
export const test = base.extend<Scene & { browser: Browser }>({
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from the pattern
    async ({}, use) => {
      const browser = await launchChromium();
      await use(browser);
      await browser.close();
    },
    { scope: 'file' },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from the pattern
  async sandbox({}, use) {
    vi.spyOn(console, 'warn').mockReturnValue();
    const sandbox = await startSandbox();
    await use(sandbox);
    await sandbox.close();
  },
  async site({ sandbox }, use) {
    const site = await startSite(sandbox.inbox);
    await use(site);
    await site.close();
  },
  async context({ browser }, use) {
    const context = await browser.newContext();
    await use(context);
    await context.close();
  },
  async page({ context }, use) {
    await use(await context.newPage());
  },
});

/** What the inbox saw, a line for each session and each user: `session 1`, `resumed 1`, `ada verified in 1`. */
export function account(sandbox: Sandbox): string[] {
  const number = (event: SandboxEvent) =>
    'sessionId' in event ? sandbox.sessions.findIndex(({ id }) => id === event.sessionId) + 1 : 0;
  return sandbox.record.flatMap((event) => {
    if (event.type === 'session_created') return `session ${number(event)}`;
    if (event.type === 'session_resumed') return `resumed ${number(event)}`;
    if (event.type !== 'set_user') return [];
    const outcome = event.status === 200 ? (event.verified ? 'verified' : 'unverified') : event.status;
    return `${event.identifier} ${outcome} in ${number(event)}`;
  });
}

/** Waits until the account holds `line`, for the `times`th time. */
export async function see(sandbox: Sandbox, line: string, times = 1): Promise<void> {
  await sandbox.until(() => account(sandbox).filter((each) => each === line).length >= times);
}

/** Where the connection lives, whether the script made it or an app. */
type PageConnection = Record<
  symbol,
  Pick<typeof import('@chatwoot-identity/browser'), 'disconnect' | 'refresh' | 'subscribe'> & {
    status: Status;
  }
>;

/** Waits for the page's connection to be in `status`. */
export function reach(page: Page, status: Status): Promise<void> {
  return page.evaluate(
    (status) =>
      new Promise<void>((resolve) => {
        const connection = (window as unknown as PageConnection)[Symbol.for('chatwoot-identity')]!;
        const look = () => connection.status === status && resolve();
        connection.subscribe(look);
        look();
      }),
    status,
  );
}

/** Writes a message in the chat, and tells as whom the inbox got it. */
export async function write(page: Page, sandbox: Sandbox, content: string): Promise<string> {
  await page.evaluate(() => window.$chatwoot!.toggle('open'));
  const chat = page.frameLocator('#chatwoot_live_chat_widget');
  await chat.getByLabel('Write a message').fill(content);
  await chat.getByLabel('Send').click();
  const event = await sandbox.until((each) => each.type === 'message_created' && each.content === content);
  const session = sandbox.sessions.find(({ id }) => 'sessionId' in event && id === event.sessionId)!;
  return `${session.contact.identifier ?? 'anonymous'}${session.hmacVerified ? ', verified' : ''}`;
}

/** Calls a method of the page's connection. */
export async function call(page: Page, method: 'disconnect' | 'refresh'): Promise<void> {
  await page.evaluate(
    (method) => (window as unknown as PageConnection)[Symbol.for('chatwoot-identity')]![method](),
    method,
  );
}

declare global {
  interface Window {
    /** The package's modules in the page `/app`. */
    chat: typeof import('@chatwoot-identity/browser');
  }
}
