import { existsSync } from 'node:fs';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const flags = [
  '--no-sandbox', // Chromium refuses to run as root without it
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/**
 * Starts a headless Chromium: the system's own when there is one, else the one that `@sparticuz/chromium` carries
 * (without the flags it comes with: they put everything into one process and switch web security off).
 */
export async function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  const executablePath = installed.find((path) => existsSync(path)) ?? (await carriedChromium());
  return chromium.launch({ executablePath, args: flags, ...options });
}

async function carriedChromium(): Promise<string> {
  const { default: carried } = await import('@sparticuz/chromium');
  return carried.executablePath();
}
