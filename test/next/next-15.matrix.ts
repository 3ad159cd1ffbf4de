import { afterAll, beforeAll, describe, expect } from 'vitest';
import { buildTimeout, type Cell, createApp } from './app.js';
import { failingTests } from './failing.js';
import { failingApp, spreadApp } from './failing-app.js';
import { leakTests } from './leak.js';
import { logoutTests } from './logout.js';
import { logoutApp } from './logout-app.js';
import type { Site } from './site.js';
import { siteLibrary } from './site-app.js';
import { environment, publicEnvironment } from './visitor.js';

const cell: Cell = { bundler: 'webpack', mode: 'default', next: '15.5.29' };

describe('Next.js 15', () => {
  let site: Site;

  beforeAll(async () => {
    const files = { ...siteLibrary, ...failingApp, ...spreadApp, ...logoutApp };
    const app = await createApp('site', cell, files, [
      "basePath: '/shop'",
      'experimental: { useCache: true }',
    ]);
    const { ok, log } = await app.build(publicEnvironment());
    expect(ok, log).toBe(true);
    const server = await app.start(environment());
    site = { app, server, url: `${server.url}/shop` };
  }, buildTimeout);
  afterAll(() => site?.server.close());

  failingTests(() => site);
  logoutTests(() => site);
});

leakTests(cell);
