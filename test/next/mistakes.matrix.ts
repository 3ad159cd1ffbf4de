import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type App, buildTimeout, type Cell, createApp, type Files } from './app.js';

const secret = 'wyHVRZzzJhjPMKR2h7LpeJVy';
const inbox = `{ hmacToken: '${secret}', websiteToken: 'website', baseUrl: 'http://127.0.0.1:9' }`;

const chatwoot = (entry: string, name: string) => `
  import { ${name} } from '@chatwoot-identity/next${entry}';
  export const chatwoot = ${name}({ inbox: ${inbox}, contact: () => null });`;

/** In next.config, `env` writes its values into every file that reads them, client files included. */
const env = ["env: { CHATWOOT_HMAC_TOKEN: 'EPyYngFb62yBMWXaSCrUZoL9' }"];
const recipe = (path: string) => readFileSync(new URL(`recipes/${path}`, import.meta.url), 'utf8');

/**
 * The refusal of `"browser": null` and `"edge-light": null` as each bundler words it. Where webpack compiles a client
 * component for the server first, it finds `server-only`.
 */
const notExported =
  /Can't resolve '@chatwoot-identity\/next|Package path \.\S* is not exported|'server-only' cannot be imported/;

interface Mistake {
  readonly name: string;
  readonly files: Files;
  /** The file that the errors of the build must name. */
  readonly file: string;
  readonly complaint: RegExp;
}

/** The public half of the inbox in a client file, destructured from the inbox as the README shows it. */
const destructured = (from: string) => `
  import { inbox } from '${from}';
  const { hmacToken, ...site } = inbox;
  export default () => <p>{site.baseUrl}</p>;`;

/** Mistakes that webpack finds while it compiles for the server. */
const onServer: readonly Mistake[] = [
  {
    name: 'a client component imports the server entry',
    file: 'lib/client.js',
    files: {
      'lib/client.js': chatwoot('', 'chatwootIdentity'),
      'app/client/page.js': `'use client';
        import { chatwoot } from '../../lib/client';
        export default () => <p>{typeof chatwoot.GET}</p>;`,
    },
    complaint: notExported,
  },
  {
    name: 'an API route of the edge runtime uses the entry of the Pages Router',
    file: 'lib/edge-api.js',
    files: {
      'lib/edge-api.js': chatwoot('/pages', 'chatwootIdentityPages'),
      'pages/api/identity.js': `
        import { chatwoot } from '../../lib/edge-api';
        export const config = { runtime: 'edge' };
        export default () => new Response(typeof chatwoot.handler);`,
    },
    complaint: notExported,
  },
  {
    name: 'a client component imports the inbox of the README, with the token in `env` of next.config',
    file: 'lib/inbox.ts',
    files: {
      'lib/inbox.ts': recipe('inbox.ts'),
      'app/inbox-client/page.tsx': `'use client'; ${destructured('../../lib/inbox')}`,
    },
    complaint: /server-only/,
  },
];

/** Mistakes that webpack finds while it compiles for the browser. */
const inBrowser: readonly Mistake[] = [
  {
    name: 'a client component imports the entry of the Pages Router',
    file: 'lib/client-pages.js',
    files: {
      'lib/client-pages.js': chatwoot('/pages', 'chatwootIdentityPages'),
      'app/client-pages/page.js': `'use client';
        import { chatwoot } from '../../lib/client-pages';
        export default () => <p>{typeof chatwoot.handler}</p>;`,
    },
    complaint: notExported,
  },
  {
    name: 'a page imports the entry of the Pages Router',
    file: 'lib/page.js',
    files: {
      'lib/page.js': chatwoot('/pages', 'chatwootIdentityPages'),
      'pages/legacy.js': `
        import { chatwoot } from '../lib/page';
        export default () => <p>{typeof chatwoot.handler}</p>;`,
    },
    complaint: notExported,
  },
  {
    name: 'a page imports the inbox of the README, with the token in `env` of next.config',
    file: 'lib/chatwoot-pages.ts',
    files: {
      'lib/session.ts': recipe('iron-session/session.ts'),
      'lib/chatwoot-pages.ts': recipe('iron-session/chatwoot-pages.ts'),
      'pages/inbox-page.tsx': destructured('../lib/chatwoot-pages'),
    },
    complaint: notExported,
  },
];

/** A mistake that webpack compiles, and that Next.js finds when it loads the route. */
const onLoad: readonly Mistake[] = [
  {
    name: 'a route handler requests the edge runtime',
    file: 'lib/edge-route.js',
    files: {
      'lib/edge-route.js': chatwoot('', 'chatwootIdentity'),
      'app/edge/identity/route.js': `
        import { chatwoot } from '../../../lib/edge-route';
        export const runtime = 'edge';
        export const GET = chatwoot.GET;`,
    },
    complaint: notExported,
  },
];

const layout = { 'app/layout.js': 'export default ({ children }) => <html><body>{children}</body></html>;' };
const dependencies = Object.fromEntries(
  ['typescript', '@types/react', '@types/node', 'iron-session'].map((name) => [name, name]),
);

/** The errors of a failed build that are about a file. */
function errorsOf(log: string, { file }: Mistake): string {
  const errors = log.split(/^(?=\.\/)/m); // each begins with a path
  return errors.filter((error) => new RegExp(`^\\S*/${file}(?::\\d+:\\d+)?\\n`).test(error)).join('\n');
}

/**
 * Mistakes that would disclose the secret, or sign where `node:crypto` is missing, fail the build. Turbopack reports all
 * of them at once; webpack stops after a stage with errors, so each stage has its own app.
 */
describe.each<{ bundler: Cell['bundler']; stage: string; mistakes: readonly Mistake[] }>([
  { bundler: 'turbopack', stage: 'all', mistakes: [...onServer, ...inBrowser, ...onLoad] },
  { bundler: 'webpack', stage: 'server', mistakes: onServer },
  { bundler: 'webpack', stage: 'browser', mistakes: inBrowser },
  { bundler: 'webpack', stage: 'load', mistakes: onLoad },
])('$bundler refuses to build, $stage:', ({ bundler, stage, mistakes }) => {
  let app: App;
  let result: Awaited<ReturnType<App['build']>>;

  beforeAll(async () => {
    const files = Object.assign({}, layout, ...mistakes.map((mistake) => mistake.files));
    app = await createApp(`mistakes-${stage}`, { bundler, mode: 'default' }, files, env, dependencies);
    result = await app.build();
  }, buildTimeout);

  test.each(mistakes)('$name', (mistake) => {
    expect(result.ok).toBe(false);
    if (bundler === 'webpack' && mistakes === onLoad)
      expect(result.log).toContain('Failed to collect page data for /edge/identity');
    else expect(errorsOf(result.log, mistake), result.log).toMatch(mistake.complaint);
  });

  test('no client file contains a token of the code', async () => {
    expect(await app.filesWith(secret, '.next/static')).toEqual([]);
  });
});
