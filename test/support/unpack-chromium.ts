import { carriedChromium } from './carried-chromium.js';

/** Unpacks Chromium once before a test run, instead of once in each worker. */
export default async function setup(): Promise<void> {
  if (process.platform === 'linux' && process.arch === 'x64') await carriedChromium();
}
