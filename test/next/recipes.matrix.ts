import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { sealData } from 'iron-session';
import { encode } from 'next-auth/jwt';
import { encode as encode5 } from 'next-auth5/jwt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildTimeout, createApp, type Files, type Server } from './app.js';

const secret = 'keyboard cat keyboard cat keyboard cat';
const environment = {
  CHATWOOT_HMAC_TOKEN: 'wyHVRZzzJhjPMKR2h7LpeJVy',
  CHATWOOT_WEBSITE_TOKEN: 'aaaaaaaaaaaaaaaaaaaaaaaa',
  CHATWOOT_BASE_URL: 'http://127.0.0.1:9',
  SESSION_SECRET: secret,
  NEXTAUTH_SECRET: secret,
  NEXTAUTH_URL: 'http://127.0.0.1:9',
  AUTH_SECRET: secret,
  BETTER_AUTH_SECRET: secret,
};
const ada = { id: 'user-1', name: 'Ada Lovelace', email: 'ada@example.com' };

const recipe = (path: string) => readFileSync(new URL(`recipes/${path}`, import.meta.url), 'utf8');

/** Creates an app with the recipes of some libraries. Each recipe has a separate route handler and API route. */
function appWith(libraries: readonly string[]): Files {
  const files: Record<string, string> = {
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        strict: true,
        module: 'esnext',
        moduleResolution: 'bundler',
        jsx: 'react-jsx',
        paths: { '@/*': ['./*'] },
      },
    }),
    'lib/inbox.ts': recipe('inbox.ts'),
    'app/layout.tsx': recipe('layout.tsx'),
    'app/page.tsx': 'export default () => <h1>Hello</h1>;',
  };
  if (libraries.includes('better-auth')) {
    files['app/api/auth/[...all]/route.ts'] =
      "import { auth } from '../../../../lib/better-auth/auth'; export const POST = auth.handler;";
  }
  for (const library of libraries) {
    for (const name of readdirSync(new URL(`recipes/${library}`, import.meta.url)))
      files[`lib/${library}/${name}`] = recipe(`${library}/${name}`);
    files[`app/${library}/route.ts`] = `export { GET } from '../../lib/${library}/chatwoot';`;
    files[`pages/api/${library}.ts`] =
      `export { handler as default } from '../../lib/${library}/chatwoot-pages';`;
  }
  return files;
}

/** Functions that sign Ada in, by library. Each returns the session cookie and Ada's id in the app. */
const signIn: Record<string, (server: Server) => Promise<{ cookie: string; id: string }>> = {
  async 'next-auth-4'() {
    const token = { sub: ada.id, name: ada.name, email: ada.email };
    return { cookie: `next-auth.session-token=${await encode({ token, secret })}`, id: ada.id };
  },
  async 'next-auth-5'() {
    const salt = 'authjs.session-token';
    const token = { sub: ada.id, name: ada.name, email: ada.email };
    return { cookie: `${salt}=${await encode5({ token, secret, salt })}`, id: ada.id };
  },
  async 'better-auth'({ url }) {
    const response = await fetch(`${url}/api/auth/sign-up/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ name: ada.name, email: ada.email, password: 'keyboard cat' }),
    });
    const { user } = await response.json();
    const cookie = response.headers.getSetCookie().map((line) => line.split(';')[0]);
    return { cookie: cookie.join('; '), id: user.id };
  },
  async 'iron-session'() {
    return { cookie: `iron=${await sealData({ user: ada }, { password: secret })}`, id: ada.id };
  },
};

const cell = { bundler: 'turbopack', mode: 'default' } as const;

/** next-auth 4 and 5 have the same package name, so each version has a separate app. */
describe.each([
  { libraries: ['next-auth-4', 'better-auth', 'iron-session'], nextAuth: 'next-auth', config: [] },
  { libraries: ['next-auth-5'], nextAuth: 'next-auth5', config: ["transpilePackages: ['next-auth']"] },
])('an app with $libraries', ({ libraries, nextAuth, config }) => {
  let server: Server;

  beforeAll(async () => {
    const app = await createApp(`recipes-${nextAuth}`, cell, appWith(libraries), config, {
      'next-auth': nextAuth,
      'better-auth': 'better-auth',
      'iron-session': 'iron-session',
      typescript: 'typescript',
      '@types/react': '@types/react',
      '@types/node': '@types/node',
    });
    const { CHATWOOT_BASE_URL, CHATWOOT_WEBSITE_TOKEN } = environment; // The static page needs these variables. The build has no secret.
    const { ok, log } = await app.build({ CHATWOOT_BASE_URL, CHATWOOT_WEBSITE_TOKEN });
    expect(ok, log).toBe(true);
    server = await app.start(environment);
  }, buildTimeout);
  afterAll(() => server?.close());

  test('has a static page that contains only the public options of the inbox', async () => {
    const page = await fetch(server.url);
    expect(page.headers.get('x-nextjs-cache')).toBe('HIT');
    const html = await page.text();
    expect(html).toContain(environment.CHATWOOT_WEBSITE_TOKEN);
    expect(html).not.toContain(environment.CHATWOOT_HMAC_TOKEN);
  });

  test.each(libraries)(
    'returns the identity of the signed-in user of %s in both routers',
    async (library) => {
      const { cookie, id } = await signIn[library]!(server);
      for (const path of [`/${library}`, `/api/${library}`]) {
        expect((await fetch(server.url + path)).status).toBe(401);
        const identity = await (await fetch(server.url + path, { headers: { cookie } })).json();
        expect(identity).toEqual({
          identifier: id,
          identifier_hash: createHmac('sha256', environment.CHATWOOT_HMAC_TOKEN).update(id).digest('hex'),
          name: ada.name,
          ...(library !== 'better-auth' && { email: ada.email }),
        });
      }
    },
  );
});
