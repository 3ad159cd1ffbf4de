import { type Sandbox, startSandbox } from '@chatwoot-identity/sandbox';
import { type Browser, errors, type Page } from 'playwright-core';
import { afterAll, test as base, beforeAll, vi } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import type { Env } from './app.js';
import { tokens } from './site.js';
import { listen, type Story } from './story.js';

/** The inbox that all apps in this folder use. */
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

/**
 * Returns the public environment variables. Builds receive only these variables, so they contain no secret.
 */
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

/** The fixtures of a test: one visitor in a separate Chromium context. */
interface Visitor {
  readonly page: Page;
  readonly signIn: (url: string, user: string) => Promise<void>;
  /** Waits until the page shows that the chat is connected. */
  readonly connected: () => Promise<void>;
  /** The events of this visitor in the inbox. */
  readonly story: Story;
  /** The URLs from which the page has fetched the identity. */
  readonly asked: string[];
  /** The errors in the console. */
  readonly complaints: string[];
}

export const test = base.extend<Visitor>({
  page: async ({ task: _ }, use) => {
    const context = await browser.newContext();
    context.setDefaultTimeout(120_000); // the server must compile the first page
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
      if (pathname.endsWith('/identity')) asked.push(origin + pathname); // omits the query, which is random
    });
    return use(asked);
  },
  complaints: ({ page }, use) => {
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    return use(complaints);
  },
});

/** The events that an inbox records if pages call `setUser` for Alice exactly once. */
export const once: readonly string[] = ['session 1', 'alice verified in 1'];

/**
 * Clicks the visible element with this text. Next.js hides earlier pages in the document (`<Activity>`), so the element
 * may become hidden between the lookup and the click. In this case, the function looks the element up again.
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
