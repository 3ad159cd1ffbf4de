import { type Sandbox, startSandbox } from '@chatwoot-identity/sandbox';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { launchChromium } from '../browser/chromium.js';
import { type App, buildTimeout, type Cell, createApp, type Files, type Server } from './app.js';
import { listen, type Story } from './story.js';

const files: Files = {
  'lib/chatwoot.js': `
    import { chatwootIdentity } from '@chatwoot-identity/next';
    import { cookies } from 'next/headers';
    export const { GET, identity, Chatwoot } = chatwootIdentity({
      inbox: {
        hmacToken: process.env.CHATWOOT_HMAC_TOKEN,
        websiteToken: process.env.NEXT_PUBLIC_CHATWOOT_WEBSITE_TOKEN,
        baseUrl: process.env.NEXT_PUBLIC_CHATWOOT_BASE_URL,
      },
      async contact() {
        const user = (await cookies()).get('user')?.value;
        return user && { identifier: user };
      },
    });`,
  'app/layout.js': `
    export const metadata = { icons: 'data:,' };
    export default ({ children }) => <html><body>{children}</body></html>;`,
  'app/chatwoot/identity/route.js': "export { GET } from '../../../lib/chatwoot';",
  'app/overridden/identity/route.js': "export { GET } from '../../../lib/chatwoot';",
  'app/fetched/note.js': 'export const Note = () => <p>first note</p>;',
  'app/fetched/page.js': `
    'use client';
    import { Activity, useState } from 'react';
    import { ChatwootWidget, useChatwoot } from '@chatwoot-identity/next/client';
    import { Note } from './note';
    export default function Page() {
      const [mode, setMode] = useState('visible');
      const [count, setCount] = useState(0);
      const { status } = useChatwoot();
      return (
        <>
          <Note />
          <p id="status">{status}</p>
          <button onClick={() => setMode(mode === 'visible' ? 'hidden' : 'visible')}>{mode}</button>
          <button onClick={() => setCount(count + 1)}>rendered {count}</button>
          <Activity mode={mode}>
            <ChatwootWidget
              baseUrl={process.env.NEXT_PUBLIC_CHATWOOT_BASE_URL}
              websiteToken={process.env.NEXT_PUBLIC_CHATWOOT_WEBSITE_TOKEN}
              identityUrl="/shop/chatwoot/identity"
              settings={{ position: 'left' }}
            />
          </Activity>
        </>
      );
    }`,
  ...Object.fromEntries(
    ['here', 'there'].map((name) => [
      `app/${name}/page.js`,
      `
    import Link from 'next/link';
    import { Chatwoot } from '../../lib/chatwoot';
    export default () => (
      <>
        <h1>${name}</h1>
        <Link href="/here">go here</Link> <Link href="/there">go there</Link>
        <Chatwoot />
      </>
    );`,
    ]),
  ),
};

const config = [
  "basePath: '/shop'",
  `headers: async () => [
    { source: '/overridden/:path*', headers: [{ key: 'Cache-Control', value: 'public, max-age=3600' }] },
  ]`,
];

/** Policies as packages/next/README.md describes them. */
const policies: Files = {
  'proxy.js': `
    import { NextResponse } from 'next/server';
    export const config = { matcher: ['/nonce', '/listed'] };
    const chatwoot = process.env.NEXT_PUBLIC_CHATWOOT_BASE_URL;
    const policyOf = (scripts) => [
      'script-src ' + scripts,
      'frame-src ' + chatwoot,
      "connect-src 'self' " + chatwoot,
      "style-src 'unsafe-inline'",
    ].join('; ');
    export function proxy(request) {
      const nonce = Buffer.from(crypto.randomUUID()).toString('base64');
      const policy = request.nextUrl.pathname === '/nonce'
        ? policyOf("'nonce-" + nonce + "' 'strict-dynamic'")
        : policyOf("'self' 'unsafe-inline' " + chatwoot);
      const headers = new Headers(request.headers);
      headers.set('Content-Security-Policy', policy);
      const response = NextResponse.next({ request: { headers } });
      response.headers.set('Content-Security-Policy', policy);
      return response;
    }`,
  'app/listed/page.js': "export { default } from '../fetched/page';",
};

/** Waits for its request before anything else: a shell made at build time would have scripts without the nonce. */
const noncePage = (mode: Cell['mode']): Files => ({
  'app/nonce/page.js': `
    import { connection } from 'next/server';
    import { Chatwoot } from '../../lib/chatwoot';
    ${mode === 'cacheComponents' ? 'export const instant = false;' : ''}
    export default async () => {
      await connection();
      return <Chatwoot />;
    };`,
});

let sandbox: Sandbox;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let story: Story;
let asked: string[];
let complaints: string[];

beforeAll(async () => {
  vi.spyOn(console, 'warn').mockReturnValue();
  sandbox = await startSandbox();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await sandbox?.close();
});
beforeEach(async () => {
  context = await browser.newContext();
  context.setDefaultTimeout(120_000); // the first page of a server that compiles it
  page = await context.newPage();
  story = listen(sandbox);
  [asked, complaints] = [[], []];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('request', (request) => request.url().endsWith('/identity') && asked.push(request.url()));
});
afterEach(() => context.close());

const environment = () => ({
  CHATWOOT_HMAC_TOKEN: sandbox.hmacToken,
  NEXT_PUBLIC_CHATWOOT_WEBSITE_TOKEN: sandbox.websiteToken,
  NEXT_PUBLIC_CHATWOOT_BASE_URL: sandbox.baseUrl,
});
const signIn = (server: Server, user: string) =>
  context.addCookies([{ name: 'user', value: user, url: server.url }]);
const connected = () => page.locator('#status', { hasText: 'connected' }).waitFor();
const once = ['session 1', 'alice verified in 1'];

describe.each<Cell>([
  { bundler: 'turbopack', mode: 'default' },
  { bundler: 'turbopack', mode: 'cacheComponents' },
  { bundler: 'webpack', mode: 'default' },
  { bundler: 'webpack', mode: 'cacheComponents' },
])('in production under a basePath, $bundler, $mode', (cell) => {
  let server: Server;

  beforeAll(async () => {
    const app = await createApp('widget', cell, { ...files, ...policies, ...noncePage(cell.mode) }, config);
    const { ok, log } = await app.build(environment());
    expect(ok, log).toBe(true);
    server = await app.start(environment());
  }, buildTimeout);
  afterAll(() => server?.close());

  test('the identity is asked of the path that identityUrl names, once, however often the page renders', async () => {
    await signIn(server, 'alice');
    await page.goto(`${server.url}/shop/fetched`);
    await connected();
    await page.getByText('rendered 0').click();
    await page.getByText('rendered 1').click();
    await page.getByText('rendered 2').waitFor();
    expect(asked).toEqual([`${server.url}/shop/chatwoot/identity`]);
    expect(story.lines()).toEqual(once);
  });

  test('<Activity>: the chat outlives being hidden', async () => {
    await signIn(server, 'alice');
    await page.goto(`${server.url}/shop/fetched`);
    await connected();
    await page.getByText('visible').click();
    await page.getByText('hidden').click();
    await page.getByText('visible').waitFor();
    await expect.poll(() => asked.length).toBe(2);
    await connected();
    expect(story.lines()).toEqual(once);
  });

  test('<Chatwoot /> on several pages: navigations leave the chat alone', async () => {
    await signIn(server, 'alice');
    await page.goto(`${server.url}/shop/here`);
    await story.see('alice verified in 1');
    for (const name of ['there', 'here', 'there']) {
      await page.getByText(`go ${name}`).locator('visible=true').click();
      await page.getByRole('heading', { name }).locator('visible=true').waitFor();
    }
    expect(story.lines()).toEqual(once);
    expect(await page.locator('script[src$="/packs/js/sdk.js"]').count()).toBe(1);
  });

  test.each([
    ['of a nonce, on a dynamic page', '/shop/nonce'],
    ['that lists addresses, on a static page', '/shop/listed'],
  ])('a Content-Security-Policy %s', async (_, path) => {
    await signIn(server, 'alice');
    const response = await page.goto(server.url + path);
    expect(response?.headers()['content-security-policy']).toContain(sandbox.baseUrl);
    await expect.poll(() => [...complaints, ...story.lines()]).toEqual(once); // a violation is a complaint
  });

  test("next.config's headers() make the answer public, and still nobody gets another's from the browser's cache", async () => {
    await signIn(server, 'alice');
    await page.goto(`${server.url}/shop/here`);
    const ask = () =>
      page.evaluate(async () => (await (await fetch('/shop/overridden/identity')).json()).identifier);
    expect(await ask()).toBe('alice');
    await signIn(server, 'bob');
    expect(await ask()).toBe('bob');
  });
});

/** Pages that production refuses, or answers otherwise. */
const kept: Readonly<Record<Cell['mode'], Files>> = {
  default: {
    'app/kept/page.js': `
      import { identity } from '../../lib/chatwoot';
      export const dynamic = 'force-static';
      export default async () => <p>{JSON.stringify(await identity())}</p>;`,
    'app/generated/[slug]/page.js': `
      import { identity } from '../../../lib/chatwoot';
      export const generateStaticParams = () => [];
      export default async () => <p>{JSON.stringify(await identity())}</p>;`,
  },
  cacheComponents: {
    'app/kept/page.js': `
      import { identity } from '../../lib/chatwoot';
      export default async () => {
        'use cache';
        return <p>{JSON.stringify(await identity())}</p>;
      };`,
  },
};
const complaintOf = { default: 'rendered without a request', cacheComponents: 'inside `"use cache"`' };

/** Each bundler and each mode once: development differs by either, and compiles everything anew. */
describe.each<Cell>([
  { bundler: 'turbopack', mode: 'default' },
  { bundler: 'webpack', mode: 'cacheComponents' },
])('in development, $bundler, $mode', (cell) => {
  let app: App;
  let server: Server;

  beforeAll(async () => {
    app = await createApp(
      'widget-dev',
      cell,
      {
        ...files,
        ...kept[cell.mode],
        'pages/legacy.js': `
        import { chatwootIdentityPages } from '@chatwoot-identity/next/pages';
        const { identity } = chatwootIdentityPages({
          inbox: { hmacToken: 'key', websiteToken: 'website', baseUrl: 'http://127.0.0.1:9' },
          contact: () => ({ identifier: 'alice', name: undefined, email: null, customAttributes: { plan: undefined } }),
        });
        export const getServerSideProps = async (context) => ({ props: { identity: await identity(context) } });
        export default ({ identity }) => <p>{identity.name}</p>;`,
      },
      config,
    );
    server = await app.dev(environment());
    // Compiled before a page asks: on a busy machine that takes longer than the page waits.
    await fetch(`${server.url}/shop/chatwoot/identity`);
  }, buildTimeout);
  afterAll(() => server?.close());

  test('StrictMode runs every effect twice, and the user is sent once', async () => {
    await signIn(server, 'alice');
    await page.goto(`${server.url}/shop/fetched`);
    await connected();
    expect(asked).toHaveLength(2);
    expect(story.lines()).toEqual(once);
  });

  test('hot reload: an edit reloads neither the page nor the chat', async () => {
    await signIn(server, 'alice');
    await page.goto(`${server.url}/shop/fetched`);
    await connected();
    await page.evaluate(() => Object.assign(window, { before: true }));
    await app.write('app/fetched/note.js', 'export const Note = () => <p>second note</p>;');
    await page.getByText('second note').waitFor();
    expect(await page.evaluate(() => 'before' in window)).toBe(true);
    expect(story.lines()).toEqual(once);
    expect(await page.locator('script[src$="/packs/js/sdk.js"]').count()).toBe(1);
  });

  test('a static page fails here as it does in a build', async () => {
    const response = await fetch(`${server.url}/shop/kept`, { headers: { cookie: 'user=alice' } });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toMatch(/[0-9a-f]{64}/);
    expect(server.log).toContain(complaintOf[cell.mode]);
  });

  // Under cacheComponents a build refuses it.
  if (cell.mode === 'default') {
    test('generateStaticParams without any hides here that production answers 500', async () => {
      const response = await fetch(`${server.url}/shop/generated/new`, { headers: { cookie: 'user=alice' } });
      expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('alice')]);
    });
  }

  test('getServerSideProps gets no undefined, which development refuses and production does not', async () => {
    const response = await fetch(`${server.url}/shop/legacy`);
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('<p>alice</p>')]);
  });
});
