import { existsSync } from 'node:fs';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';
import { carriedChromium } from './carried-chromium.js';

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
 * Starts the headless Chromium of `@sparticuz/chromium`, even if another browser is installed, so that the tests use the
 * same browser on every machine. Does not use the flags of the package, which run Chromium in one process and disable web
 * security. The package supports only Linux on x64; other systems use the installed Chrome.
 */
export async function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return launchInstalledChromium(options);
  return chromium.launch({ ...(await carriedChromium()), args: flags, ...options });
}

/**
 * Starts the installed Chromium or Chrome, for features that the bundled Chromium lacks.
 *
 * @throws if neither is installed
 */
export async function launchInstalledChromium(options: LaunchOptions = {}): Promise<Browser> {
  const executablePath = installed.find((path) => existsSync(path));
  if (!executablePath)
    throw new Error('Chromium is not installed. Install it (`apt-get install chromium`) or Google Chrome.');
  return chromium.launch({ executablePath, args: flags, ...options });
}
