import { type Sandbox, startSandbox } from '@chatwoot-identity/sandbox';
import { type Browser, errors, type Page } from 'playwright-core';
import { afterAll, test as base, beforeAll, vi } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import type { Env } from './app.js';
import { tokens } from './site.js';
import { listen, type Story } from './story.js';

/** The inbox of every app here. */
export let sandbox: Sandbox;
let browser: Browser;

beforeAll(async () => {
  vi.spyOn(console, 'warn').mockReturnValue();
  sandbox = await startSandbox(tokens);
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await sandbox?.close();
});

/** The public variables, which are all that a build has. */
export const publicEnvironment = (): Env => ({
  NEXT_PUBLIC_CHATWOOT_WEBSITE_TOKEN: sandbox.websiteToken,
  NEXT_PUBLIC_CHATWOOT_BASE_URL: sandbox.baseUrl,
});

export const environment = (): Env => ({
  ...publicEnvironment(),
  CHATWOOT_HMAC_TOKEN: sandbox.hmacToken,
  CHATWOOT_WEBSITE_TOKEN: sandbox.websiteToken,
  CHATWOOT_BASE_URL: sandbox.baseUrl,
});

/** A visitor in a separate Chromium context. */
interface Visitor {
  readonly page: Page;
  readonly signIn: (url: string, user: string) => Promise<void>;
  /** Waits until the page shows that the chat is connected. */
  readonly connected: () => Promise<void>;
  /** The visitor's events in the inbox. */
  readonly story: Story;
  /** The addresses from which the page has fetched the identity. */
  readonly asked: string[];
  /** The errors in the console. */
  readonly complaints: string[];
}

export const test = base.extend<Visitor>({
  page: async ({ task: _ }, use) => {
    const context = await browser.newContext();
    context.setDefaultTimeout(120_000); // the first page, which the server must compile
    await use(await context.newPage());
    await context.close();
  },
  signIn: ({ page }, use) =>
    use((url, user) => page.context().addCookies([{ name: 'who', value: user, url }])),
  connected: ({ page }, use) => use(() => page.locator('#status', { hasText: 'connected' }).waitFor()),
  story: ({ task: _ }, use) => use(listen(sandbox)),
  asked: ({ page }, use) => {
    const asked: string[] = [];
    page.on('request', (request) => {
      const { origin, pathname } = new URL(request.url());
      if (pathname.endsWith('/identity')) asked.push(origin + pathname); // the query is random
    });
    return use(asked);
  },
  complaints: ({ page }, use) => {
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    return use(complaints);
  },
});

/** The events of an inbox that received one user, once. */
export const once: readonly string[] = ['session 1', 'alice verified in 1'];

/**
 * Clicks the visible element with this text. Next.js keeps earlier pages hidden in the document (`<Activity>`). If an
 * element was found while one page replaced the other, it may be hidden before the click, so it is looked up again.
 */
export async function clickVisible(page: Page, text: string): Promise<void> {
  for (;;) {
    try {
      return await page.getByText(text).locator('visible=true').first().click({ timeout: 3_000 });
    } catch (error) {
      if (!(error instanceof errors.TimeoutError)) throw error;
    }
  }
}
