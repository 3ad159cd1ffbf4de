import { afterAll, beforeAll, describe, expect } from 'vitest';
import { buildTimeout, type Cell, createApp } from './app.js';
import { chatTests } from './chat.js';
import { failingTests } from './failing.js';
import { logoutTests } from './logout.js';
import { type Site, siteTests } from './site.js';
import { siteApp, siteConfig } from './site-app.js';
import { environment, publicEnvironment } from './visitor.js';

/** Two combinations are enough: the bundler determines which modules are found, and the mode how pages are rendered. */
describe.each<Cell>([
  { bundler: 'turbopack', mode: 'default' },
  { bundler: 'webpack', mode: 'cacheComponents' },
])('an app with the packed packages, $bundler, $mode', (cell) => {
  let site: Site;

  beforeAll(async () => {
    const app = await createApp('site', cell, siteApp(cell.mode), siteConfig);
    const { ok, log } = await app.build(publicEnvironment());
    expect(ok, log).toBe(true);
    const server = await app.start(environment());
    site = { app, server, url: `${server.url}/shop` };
  }, buildTimeout);
  afterAll(() => site?.server.close());

  siteTests(() => site);
  failingTests(() => site);
  chatTests(() => site);
  logoutTests(() => site);
});
