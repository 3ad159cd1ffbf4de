import { type Sandbox, type SandboxEvent, startSandbox } from '@chatwoot-identity/sandbox';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { test as base, vi } from 'vitest';
import { launchChromium } from './chromium.js';
import { type Person, type Site, startSite } from './site.js';

interface Scene {
  sandbox: Sandbox;
  site: Site;
  /** A browser context with a new profile, for one person. */
  context: BrowserContext;
  page: Page;
}

/** The users who sign in during the tests. */
export const ada: Person = { identifier: 'ada', name: 'Ada Lovelace', email: 'ada@example.com' };
export const bob: Person = { identifier: 'bob', name: "Bob O'Brien" };

/** Runs a test with its own inbox, site and browser profile. */
export const test = base.extend<Scene & { browser: Browser }>({
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the dependencies of a fixture from the pattern
    async ({}, use) => {
      const browser = await launchChromium();
      await use(browser);
      await browser.close();
    },
    { scope: 'file' },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the dependencies of a fixture from the pattern
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

/**
 * Returns the events of the inbox as text, one line for each session and each user: `session 1`, `resumed 1`,
 * `ada verified in 1`.
 */
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

/** Waits until the text of `account` contains `line` at least `times` times. */
export async function see(sandbox: Sandbox, line: string, times = 1): Promise<void> {
  await sandbox.until(() => account(sandbox).filter((each) => each === line).length >= times);
}
