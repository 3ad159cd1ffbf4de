import type { Cell, Files } from './app.js';
import { failingApp, spreadApp } from './failing-app.js';
import { logoutApp } from './logout-app.js';

/** The source of a `contact` function. The session cookie `who` contains the user without protection, for tests only. */
const contactOf = (user: string) => `
  const user = ${user};
  if (user === 'broken') throw new Error('the session store is down');
  if (user === 'without-id') return { identifier: undefined };
  if (user === 'nameless') return { identifier: user, name: null, email: undefined };
  return user ? { identifier: user, name: 'Name of ' + user, email: user + '@example.com' } : null;`;

const inbox = `{
  hmacToken: process.env.CHATWOOT_HMAC_TOKEN,
  websiteToken: process.env.CHATWOOT_WEBSITE_TOKEN,
  baseUrl: process.env.CHATWOOT_BASE_URL,
}`;

const route = "export { GET } from '@/lib/chatwoot';";

/** The pages for the tests in Chromium. */
const chatPages: Files = {
  'app/fetched/note.js': 'export const Note = () => <p>first note</p>;',
  'app/fetched/page.js': `
    'use client';
    import { Activity, useState } from 'react';
    import { ChatwootWidget, useChatwoot } from '@chatwoot-identity/next/client';
    import { Note } from './note';
    export default function Page() {
      const [mode, setMode] = useState('visible');
      const [mounted, setMounted] = useState(true);
      const [count, setCount] = useState(0);
      const { status } = useChatwoot();
      return (
        <>
          <Note />
          <p id="status">{status}</p>
          <button onClick={() => setMode(mode === 'visible' ? 'hidden' : 'visible')}>{mode}</button>
          <button onClick={() => setCount(count + 1)}>rendered {count}</button>
          <button onClick={() => (setMounted(false), setTimeout(setMounted, 0, true))}>unmount for a moment</button>
          {mounted && <Activity mode={mode}>
            <ChatwootWidget
              baseUrl={process.env.NEXT_PUBLIC_CHATWOOT_BASE_URL}
              websiteToken={process.env.NEXT_PUBLIC_CHATWOOT_WEBSITE_TOKEN}
              identityUrl="/shop/chatwoot/identity"
              settings={{ position: 'left' }}
            />
          </Activity>}
        </>
      );
    }`,
};

/** The content security policies that docs/nextjs.md describes. */
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

/** A page that awaits the request first. Next.js would otherwise render a shell at build time, without the nonce. */
const noncePage = (mode: Cell['mode']): Files => ({
  'app/nonce/page.js': `
    import { connection } from 'next/server';
    import { Chatwoot } from '@/lib/chatwoot';
    ${mode === 'cacheComponents' ? 'export const instant = false;' : ''}
    export default async () => {
      await connection();
      return <Chatwoot />;
    };`,
});

/** The configuration, the endpoint and the layout of both routers. */
export const siteLibrary: Files = {
  'jsconfig.json': JSON.stringify({ compilerOptions: { paths: { '@/*': ['./*'] } } }),
  'lib/chatwoot.js': `
    import { chatwootIdentity } from '@chatwoot-identity/next';
    export const inbox = ${inbox};
    export const { GET, identity, Chatwoot } = chatwootIdentity({
      inbox,
      contact({ headers }) {${contactOf("/(?:^|; )who=([^;]+)/.exec(headers.get('cookie') ?? '')?.[1]")}
      },
      allowedOrigins: ['https://shop.example.com'],
    });`,
  'lib/chatwoot-pages.js': `
    import { chatwootIdentityPages } from '@chatwoot-identity/next/pages';
    export const { handler, identity } = chatwootIdentityPages({
      inbox: ${inbox},
      contact({ req }) {${contactOf('req.cookies.who')}
      },
      onError: (error, { req }) => console.log('onError at', req.url, error.message),
      allowedOrigins: ['https://shop.example.com'],
    });`,
  'app/layout.js': `
    export const metadata = { icons: 'data:,' };
    export default ({ children }) => <html><body>{children}</body></html>;`,
  'app/chatwoot/identity/route.js': route,
};

/** An app that uses every feature of the package and is built without secrets. */
export const siteApp = (mode: Cell['mode']): Files => ({
  ...chatPages,
  ...policies,
  ...noncePage(mode),
  ...failingApp,
  ...spreadApp,
  ...logoutApp,
  ...siteLibrary,
  'app/overridden/identity/route.js': route,
  'app/tenant/route.js': `
    import { chatwootIdentity } from '@chatwoot-identity/next';
    export const { GET } = chatwootIdentity({
      inbox: async ({ headers }) => ({ ...${inbox}, hmacToken: 'key of ' + headers.get('x-tenant') }),
      contact: () => ({ identifier: 'alice' }),
    });`,
  'app/dynamic/page.js': `
    import { Chatwoot } from '@/lib/chatwoot';
    export default () => <main>The page<Chatwoot identityUrl="/chatwoot/identity" /></main>;`,
  'app/overridden/page.js': "export { default } from '../dynamic/page';",
  'app/component/page.js': `
    import { Suspense } from 'react';
    import { identity } from '@/lib/chatwoot';
    const Who = async () => <pre>{JSON.stringify(await identity())}</pre>;
    export default () => <Suspense><Who /></Suspense>;`,
  'app/static/page.js': `
    import { ChatwootWidget } from '@chatwoot-identity/next/client';
    export default () => <main>The page<ChatwootWidget baseUrl="http://127.0.0.1:9" websiteToken="website" /></main>;`,
  'app/action/page.js': `
    import { cookies } from 'next/headers';
    import { identity } from '@/lib/chatwoot';
    async function act() {
      'use server';
      (await cookies()).set('acted', (await identity()).identifier_hash);
    }
    export default () => <form action={act}><button>Act</button></form>;`,
  'app/after/route.js': `
    import { after } from 'next/server';
    import { identity } from '@/lib/chatwoot';
    export async function GET(request) {
      request.headers.get('cookie');
      after(async () => console.log('after:', (await identity()).identifier));
      return new Response('soon');
    }`,
  'app/jar/page.js': `
    import { cookies } from 'next/headers';
    import { Suspense } from 'react';
    import { chatwootIdentity } from '@chatwoot-identity/next';
    const { identity } = chatwootIdentity({
      inbox: ${inbox},
      contact: ({ headers }) => ({ identifier: 'alice', name: headers.get('cookie') }),
    });
    async function change() {
      'use server';
      (await cookies()).set('who', 'b ob');
      (await cookies()).delete('old');
    }
    const Jar = async () => <pre>{(await identity()).name}</pre>;
    export default () => <form action={change}><button>Change</button><Suspense><Jar /></Suspense></form>;`,
  'app/bearer/identity/route.js': `
    import { chatwootIdentity } from '@chatwoot-identity/next';
    export const { GET } = chatwootIdentity({
      inbox: ${inbox},
      contact({ headers }) {
        const user = /^Bearer (.+)$/.exec(headers.get('authorization'))?.[1];
        return user ? { identifier: user, name: user } : null;
      },
    });`,
  'app/bearer/page.js': `
    'use client';
    import { useState } from 'react';
    import { ChatwootWidget } from '@chatwoot-identity/next/client';
    export default function Page() {
      const [user, setUser] = useState('alice');
      return (
        <>
          <button onClick={() => setUser('bob')}>token of bob</button>
          <ChatwootWidget
            baseUrl={process.env.NEXT_PUBLIC_CHATWOOT_BASE_URL}
            websiteToken={process.env.NEXT_PUBLIC_CHATWOOT_WEBSITE_TOKEN}
            identityUrl="/shop/bearer/identity"
            userKey={user}
            headers={() => ({ authorization: 'Bearer ' + user })}
          />
        </>
      );
    }`,
  'pages/keyed.js': `
    import { useState } from 'react';
    import { ChatwootWidget } from '@chatwoot-identity/next/client';
    import { identity } from '@/lib/chatwoot-pages';
    export const getServerSideProps = async (context) => ({ props: { identity: await identity(context) } });
    export default function Page({ identity }) {
      const [user, setUser] = useState(identity?.identifier);
      const signOut = () => fetch('/shop/logout', { method: 'POST' }).then(() => setUser(undefined));
      return (
        <>
          <button onClick={signOut}>sign out</button>
          <ChatwootWidget
            baseUrl={process.env.NEXT_PUBLIC_CHATWOOT_BASE_URL}
            websiteToken={process.env.NEXT_PUBLIC_CHATWOOT_WEBSITE_TOKEN}
            identityUrl="/shop/api/identity"
            identity={identity}
            userKey={user}
          />
        </>
      );
    }`,
  'pages/api/identity.js': "export { handler as default } from '@/lib/chatwoot-pages';",
  'pages/legacy.js': `
    import { ChatwootWidget } from '@chatwoot-identity/next/client';
    import { identity } from '@/lib/chatwoot-pages';
    export const getServerSideProps = async (context) => {
      const props = { identity: await identity(context) };
      context.res.setHeader('Cache-Control', 'public, max-age=3600'); // as an app without a chat might do
      return { props };
    };
    export default ({ identity }) => (
      <>
        <pre>{JSON.stringify(identity)}</pre>
        <ChatwootWidget baseUrl="http://127.0.0.1:9" websiteToken="website" identity={identity} />
      </>
    );`,
});

/** Settings with a base path, and with headers that make all responses cacheable. */
export const siteConfig: readonly string[] = [
  "basePath: '/shop'",
  `headers: async () => [
    ...['/overridden/:path*', '/api/:path*', '/legacy'].map((source) => ({
      source,
      headers: [{ key: 'Cache-Control', value: 'public, max-age=3600' }],
    })),
    ...['/api/:path*', '/legacy'].map((source) => ({
      source,
      headers: [{ key: 'Access-Control-Allow-Origin', value: '*' }],
    })),
  ]`,
  'experimental: { useCache: true }', // for the failing functions with 'use cache'
];
