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

/** Mistakes that would give the secret away, or sign in a place without `node:crypto`, end the build. */
describe.each<Cell>([
  { bundler: 'turbopack', mode: 'default' },
  { bundler: 'webpack', mode: 'default' },
])('$bundler refuses to build when', (cell) => {
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
