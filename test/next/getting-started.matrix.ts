import { type Sandbox, startSandbox } from '@chatwoot-identity/sandbox';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { filesOf, section, seeAda } from '../docs/getting-started.js';
import { launchChromium } from '../support/chromium.js';
import { buildTimeout, createApp, type Server } from './app.js';

/** The relevant settings from the `tsconfig.json` of `create-next-app`. */
const tsconfig = JSON.stringify({
  compilerOptions: {
    strict: true,
    module: 'esnext',
    moduleResolution: 'bundler',
    jsx: 'react-jsx',
    skipLibCheck: true,
    paths: { '@/*': ['./*'] },
  },
});

vi.spyOn(console, 'warn').mockReturnValue(); // The sandbox logs that it is for development only.

describe.each([
  ['Next.js, App Router', '/login'],
  ['Next.js, Pages Router', '/api/login'],
])('docs/getting-started.md (%s)', (name, login) => {
  let sandbox: Sandbox;
  let browser: Browser;
  let server: Server | undefined;

  beforeAll(async () => {
    sandbox = await startSandbox();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await server?.close();
    await browser?.close();
    await sandbox?.close();
  });

  test(
    'shows an app that builds, opens a verified chat and ends it on logout',
    async () => {
      const { hmacToken, websiteToken, baseUrl } = sandbox;
      const site = { CHATWOOT_WEBSITE_TOKEN: websiteToken, CHATWOOT_BASE_URL: baseUrl };
      const files = { 'tsconfig.json': tsconfig, ...filesOf(section(name)) };
      const app = await createApp(
        `getting-started-${login === '/login' ? 'app' : 'pages'}`,
        { bundler: 'turbopack', mode: 'default' },
        files,
        [],
        {
          'iron-session': 'iron-session',
          typescript: 'typescript',
          '@types/react': '@types/react',
          '@types/node': '@types/node',
        },
      );
      const { ok, log } = await app.build(site);
      expect(ok, log).toBe(true);
      server = await app.start({
        ...site,
        CHATWOOT_HMAC_TOKEN: hmacToken,
        SESSION_SECRET: 'a-random-text-of-32-characters-or-more',
      });
      await seeAda(browser, server.url, login, sandbox);
    },
    buildTimeout,
  );
});
