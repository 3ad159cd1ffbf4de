import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { buildTimeout, type Cell, createApp, type Files } from './app.js';

const secret = 'wyHVRZzzJhjPMKR2h7LpeJVy';
const inbox = `{ hmacToken: '${secret}', websiteToken: 'website', baseUrl: 'http://127.0.0.1:9' }`;
const layout = { 'app/layout.js': 'export default ({ children }) => <html><body>{children}</body></html>;' };

const chatwoot = (entry: string, name: string) => `
  import { ${name} } from '@chatwoot-identity/next${entry}';
  export const chatwoot = ${name}({ inbox: ${inbox}, contact: () => null });`;

/** Each bundler has its own words for `"browser": null`; where webpack compiles for the server first, it finds `server-only`. */
const notExported =
  /Can't resolve '@chatwoot-identity\/next|Package path \.\S* is not exported|'server-only' cannot be imported|Failed to collect page data for \/identity/;

const mistakes: readonly [mistake: string, files: Files, complaint: RegExp][] = [
  [
    'a client component imports the server entry',
    {
      'lib.js': chatwoot('', 'chatwootIdentity'),
      'app/page.js': `'use client';
        import { chatwoot } from '../lib';
        export default () => <p>{typeof chatwoot.GET}</p>;`,
    },
    notExported,
  ],
  [
    'a client component, or a page, imports the entry of the Pages Router',
    {
      'lib.js': chatwoot('/pages', 'chatwootIdentityPages'),
      'app/page.js': `'use client';
        import { chatwoot } from '../lib';
        export default () => <p>{typeof chatwoot.handler}</p>;`,
      'other.js': chatwoot('/pages', 'chatwootIdentityPages'),
      'pages/legacy.js': `
        import { chatwoot } from '../other';
        export default () => <p>{typeof chatwoot.handler}</p>;`,
    },
    notExported,
  ],
  [
    'an API route of the edge runtime uses the entry of the Pages Router',
    {
      'lib.js': chatwoot('/pages', 'chatwootIdentityPages'),
      'pages/api/identity.js': `
        import { chatwoot } from '../../lib';
        export const config = { runtime: 'edge' };
        export default () => new Response(typeof chatwoot.handler);`,
    },
    notExported,
  ],
  [
    'a route handler asks for the edge runtime',
    {
      'lib.js': chatwoot('', 'chatwootIdentity'),
      'app/page.js': 'export default () => <p />;',
      'app/identity/route.js': `
        import { chatwoot } from '../../lib';
        export const runtime = 'edge';
        export const GET = chatwoot.GET;`,
    },
    notExported,
  ],
];

/** In next.config, `env` writes its values into every file that reads them, client files included. */
const env = [`env: { CHATWOOT_HMAC_TOKEN: '${secret}' }`];
const types = Object.fromEntries(['typescript', '@types/react', '@types/node'].map((name) => [name, name]));
const recipe = (path: string) => readFileSync(new URL(`recipes/${path}`, import.meta.url), 'utf8');

/** A client file of each router that needs only the public half of the inbox, as the README shows the inbox. */
const clients: readonly [router: string, files: Files, complaint: RegExp][] = [
  [
    'App Router',
    {
      'lib/inbox.ts': recipe('inbox.ts'),
      'app/page.tsx': `'use client';
        import { inbox } from '../lib/inbox';
        const { hmacToken, ...site } = inbox;
        export default () => <p>{site.baseUrl}</p>;`,
    },
    /server-only/,
  ],
  [
    'Pages Router',
    {
      'app/page.tsx': 'export default () => <p />;',
      'lib/session.ts': recipe('iron-session/session.ts'),
      'lib/chatwoot-pages.ts': recipe('iron-session/chatwoot-pages.ts'),
      'pages/legacy.tsx': `
        import { inbox } from '../lib/chatwoot-pages';
        const { hmacToken, ...site } = inbox;
        export default () => <p>{site.baseUrl}</p>;`,
    },
    notExported,
  ],
];

/** Mistakes that would give the secret away, or sign in a place without `node:crypto`, end the build. */
describe.each<Cell>([
  { bundler: 'turbopack', mode: 'default' },
  { bundler: 'webpack', mode: 'default' },
])('$bundler refuses to build when', (cell) => {
  test.each(clients)(
    'client code imports the inbox as the README has it, with the token in `env` of next.config: %s',
    async (router, files, complaint) => {
      const name = `env-${router.toLowerCase().replace(' ', '-')}`;
      const dependencies = { ...types, 'iron-session': 'iron-session' };
      const app = await createApp(name, cell, { ...layout, ...files }, env, dependencies);
      const { ok, log } = await app.build();
      expect(ok).toBe(false);
      expect(log).toMatch(complaint);
    },
    buildTimeout,
  );

  test.each(mistakes)(
    '%s',
    async (mistake, files, complaint) => {
      const app = await createApp(`mistake-${mistakes.findIndex(([name]) => name === mistake)}`, cell, {
        ...layout,
        ...files,
      });
      const { ok, log } = await app.build();
      expect(ok).toBe(false);
      expect(log).toMatch(complaint);
      if ('other.js' in files) for (const path of ['/lib.js', '/other.js']) expect(log).toContain(path);
      expect(await app.filesWith(secret, '.next/static')).toEqual([]);
    },
    buildTimeout,
  );
});
