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
 * Starts the headless Chromium that `@sparticuz/chromium` carries, whatever is installed, so that every machine runs
 * the same tests in the same browser. It takes none of the package's flags: they put everything into one process
 * and turn web security off. The package is for Linux on x64; other systems run their own Chrome.
 */
export async function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return launchInstalledChromium(options);
  return chromium.launch({ ...(await carriedChromium()), args: flags, ...options });
}

/**
 * Starts the system's own Chromium or Chrome, for what the carried one lacks.
 *
 * @throws if neither is installed
 */
export async function launchInstalledChromium(options: LaunchOptions = {}): Promise<Browser> {
  const executablePath = installed.find((path) => existsSync(path));
  if (!executablePath)
    throw new Error('Chromium is not installed. Install it (`apt-get install chromium`) or Google Chrome.');
  return chromium.launch({ executablePath, args: flags, ...options });
}
