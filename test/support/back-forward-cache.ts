import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Browser } from 'playwright-core';
import { launchInstalledChromium } from './chromium.js';
import { listen } from './http.js';

/**
 * Starts the installed Chromium with its back/forward cache, which Playwright disables. Playwright cannot control a page
 * that was restored from this cache, so tests observe the page's requests to servers.
 *
 * @throws if Chromium is not installed, or if it does not store pages in the back/forward cache
 */
export async function launchWithBackForwardCache(): Promise<Browser> {
  const browser = await launchInstalledChromium({ ignoreDefaultArgs: ['--disable-back-forward-cache'] });
  if (await restoresPages(browser)) return browser;
  await browser.close();
  throw new Error(
    `Chromium ${browser.version()} stores no page in its back/forward cache. Install the full browser (\`apt-get install chromium\`), not a headless shell, on a machine with 2 GB of memory or more.`,
  );
}

async function restoresPages(browser: Browser): Promise<boolean> {
  const server = createServer((request, response) => {
    server.emit(request.url!);
    response
      .setHeader('content-type', 'text/html')
      .end("<!doctype html><script>onpageshow = (event) => fetch('/persisted=' + event.persisted)</script>");
  });
  const { url, close } = await listen(server);
  const page = await browser.newPage();
  for (const path of ['/first', '/second']) {
    const shown = once(server, '/persisted=false');
    await page.goto(url + path);
    await shown;
  }
  const back = Promise.race([
    once(server, '/persisted=true').then(() => true),
    once(server, '/persisted=false').then(() => false),
  ]);
  await page.evaluate(() => history.back());
  const restored = await back;
  await page.close();
  await close();
  return restored;
}
