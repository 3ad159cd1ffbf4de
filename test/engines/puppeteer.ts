import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type BrowserContext, type Page, type Browser as PuppeteerBrowser } from 'puppeteer-core';
import {
  type Browser,
  type BrowserSettings,
  type Engine,
  end,
  findProgram,
  readFrom,
  type Tab,
} from './browser.js';

/** Debian's Chromium, controlled over the Chrome DevTools Protocol. */
export const chromium: Engine = {
  name: 'Chromium',
  async launch({ backForwardCache, storage }) {
    const executablePath = findProgram('chromium', 'chromium');
    const profile = makeProfile();
    mkdirSync(join(profile, 'Default'));
    if (!storage) {
      const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
      writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
    }
    const browser = await puppeteer.launch({
      executablePath,
      userDataDir: profile,
      args: [
        '--no-sandbox', // Chromium refuses to run as root without it
        '--disable-gpu',
        '--disable-component-update',
        ...(backForwardCache ? [] : ['--disable-features=BackForwardCache']),
      ],
    });
    return wrap(browser, overDevTools, async () => {
      await browser.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    });
  },
};

/** Debian's Firefox ESR, controlled over WebDriver BiDi. */
export const firefox: Engine = {
  name: 'Firefox',
  async launch(settings) {
    const program = findProgram('firefox-esr', 'firefox-esr');
    const profile = makeProfile();
    // puppeteer.launch() always sets fission.webContentIsolationStrategy to 0, which disables the back/forward cache.
    const preferences = Object.entries(firefoxPreferences(settings));
    writeFileSync(
      join(profile, 'user.js'),
      preferences.map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`).join(''),
    );
    const args = ['--headless', '--no-remote', '--remote-debugging-port', '0', '--profile', profile];
    const child = spawn(program, [...args, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] });
    const close = async () => {
      await end(child);
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    };
    try {
      const address = await readFrom(child, child.stderr, /WebDriver BiDi listening on (ws:\S+)/);
      const browser = await puppeteer.connect({
        browserWSEndpoint: `${address}/session`,
        protocol: 'webDriverBiDi',
      });
      return wrap(browser, overBidi, async () => {
        await browser.close();
        await close();
      });
    } catch (error) {
      await close();
      throw error;
    }
  },
};

function firefoxPreferences({ backForwardCache, storage }: BrowserSettings): Record<string, unknown> {
  return {
    'app.update.disabledForTesting': true,
    'browser.shell.checkDefaultBrowser': false,
    'datareporting.policy.dataSubmissionPolicyBypassNotification': true,
    'toolkit.telemetry.reportingpolicy.firstRun': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
    'fission.bfcacheInParent': true,
    'fission.webContentIsolationStrategy': 1,
    'browser.sessionhistory.max_total_viewers': backForwardCache ? 100 : 0, // the limit for all tabs together, which automation sets to 0
    'network.cookie.cookieBehavior': storage ? 5 : 2, // 5 is the default, 2 blocks all cookies
  };
}

const makeProfile = () => mkdtempSync(join(tmpdir(), 'chatwoot-engines-'));

/**
 * Adapts a Puppeteer browser to the `Browser` interface.
 *
 * @param evaluator creates the function that calls functions in a page
 */
function wrap(
  browser: PuppeteerBrowser,
  evaluator: (page: Page) => Promise<Tab['evaluate']>,
  close: () => Promise<void>,
): Browser {
  return {
    async visitor() {
      const context = await browser.createBrowserContext();
      return {
        async tab() {
          const page = await newPage(context);
          const complaints: string[] = [];
          page.on('console', (message) => {
            if (['warn', 'error'].includes(message.type())) complaints.push(message.text());
          });
          return {
            async open(url) {
              await page.goto(url);
            },
            evaluate: await evaluator(page),
            complaints,
          };
        },
        close: () => context.close(),
      };
    },
    close,
  };
}

/** Calls functions in the current document. `page.evaluate()` may use the document before a navigation instead. */
async function overDevTools(page: Page): Promise<Tab['evaluate']> {
  const session = await page.createCDPSession();
  return async (body, argument) => {
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression: `(${body})(${JSON.stringify(argument)})`,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
}

async function overBidi(page: Page): Promise<Tab['evaluate']> {
  return (body, argument) =>
    page.evaluate(body as (argument: unknown) => unknown, argument) as Promise<never>;
}

/** Opens a tab. Retries once, because Firefox fails if it picks a closed tab as the opener (seen in 153 ESR). */
async function newPage(context: BrowserContext): Promise<Page> {
  try {
    return await context.newPage();
  } catch (error) {
    if (!String(error).includes('no such frame')) throw error;
    return context.newPage();
  }
}
