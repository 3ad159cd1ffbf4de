import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type App, buildTimeout, type Cell, createApp, type Files } from './app.js';

const secret = 'wyHVRZzzJhjPMKR2h7LpeJVy';
const inbox = `{ hmacToken: '${secret}', websiteToken: 'website', baseUrl: 'http://127.0.0.1:9' }`;

const chatwoot = (entry: string, name: string) => `
  import { ${name} } from '@chatwoot-identity/next${entry}';
  export const chatwoot = ${name}({ inbox: ${inbox}, contact: () => null });`;

/**
 * The setting `env` of next.config. Next.js inserts its values into every file that reads them, including
 * client files.
 */
const env = ["env: { CHATWOOT_HMAC_TOKEN: 'EPyYngFb62yBMWXaSCrUZoL9' }"];
const recipe = (path: string) => readFileSync(new URL(`recipes/${path}`, import.meta.url), 'utf8');

/**
 * The errors of the bundlers for the conditions `"browser": null` and `"edge-light": null` in package.json. If webpack
 * compiles a client component for the server first, the error is about `server-only`.
 */
const notExported =
  /Can't resolve '@chatwoot-identity\/next|Package path \.\S* is not exported|'server-only' cannot be imported/;

interface Mistake {
  readonly name: string;
  readonly files: Files;
  /** The file that the build errors must name. */
  readonly file: string;
  readonly complaint: RegExp;
}

/** Creates a client file that uses the public options of the inbox, destructured as in the README. */
const destructured = (from: string) => `
  import { inbox } from '${from}';
  const { hmacToken, ...site } = inbox;
  export default () => <p>{site.baseUrl}</p>;`;

/** The mistakes that webpack finds while it compiles for the server. */
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
    name: 'an API route of the edge runtime imports the entry of the Pages Router',
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
    name: 'a client component imports the inbox from the README, and `env` of next.config contains the token',
    file: 'lib/inbox.ts',
    files: {
      'lib/inbox.ts': recipe('inbox.ts'),
      'app/inbox-client/page.tsx': `'use client'; ${destructured('../../lib/inbox')}`,
    },
    complaint: /server-only/,
  },
];

/** The mistakes that webpack finds while it compiles for the browser. */
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
    name: 'a page imports the inbox from the README, and `env` of next.config contains the token',
    file: 'lib/chatwoot-pages.ts',
    files: {
      'lib/session.ts': recipe('iron-session/session.ts'),
      'lib/chatwoot-pages.ts': recipe('iron-session/chatwoot-pages.ts'),
      'pages/inbox-page.tsx': destructured('../lib/chatwoot-pages'),
    },
    complaint: notExported,
  },
];

/** The mistakes that cause no error when webpack compiles the app. Next.js finds them when it loads the route. */
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

/** Returns those errors of a failed build that name the file of a mistake. */
function errorsOf(log: string, { file }: Mistake): string {
  const errors = log.split(/^(?=\.\/)/m); // each error begins with a path
  return errors.filter((error) => new RegExp(`^\\S*/${file}(?::\\d+:\\d+)?\\n`).test(error)).join('\n');
}

/**
 * The build fails for mistakes that would disclose the secret, or that use `node:crypto` where it is missing. Turbopack
 * reports all mistakes at once. webpack stops after a stage with errors, so each stage has a separate app.
 */
describe.each<{ bundler: Cell['bundler']; stage: string; mistakes: readonly Mistake[] }>([
  { bundler: 'turbopack', stage: 'all', mistakes: [...onServer, ...inBrowser, ...onLoad] },
  { bundler: 'webpack', stage: 'server', mistakes: onServer },
  { bundler: 'webpack', stage: 'browser', mistakes: inBrowser },
  { bundler: 'webpack', stage: 'load', mistakes: onLoad },
])('$bundler, $stage:', ({ bundler, stage, mistakes }) => {
  let app: App;
  let result: Awaited<ReturnType<App['build']>>;

  beforeAll(async () => {
    const files = Object.assign({}, layout, ...mistakes.map((mistake) => mistake.files));
    app = await createApp(`mistakes-${stage}`, { bundler, mode: 'default' }, files, env, dependencies);
    result = await app.build();
  }, buildTimeout);

  // Uses `%s`, because Vitest quotes and truncates `$name`.
  test.each(mistakes.map((mistake) => [mistake.name, mistake] as const))(
    'the build fails if %s',
    (_name, mistake) => {
      expect(result.ok).toBe(false);
      if (bundler === 'webpack' && mistakes === onLoad)
        expect(result.log).toContain('Failed to collect page data for /edge/identity');
      else expect(errorsOf(result.log, mistake), result.log).toMatch(mistake.complaint);
    },
  );

  test('no client file contains the HMAC token from the source files', async () => {
    expect(await app.filesWith(secret, '.next/static')).toEqual([]);
  });
});
