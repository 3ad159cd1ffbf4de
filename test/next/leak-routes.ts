import type { Cell, Files } from './app.js';

/**
 * The expected outcome for a route. `own`: each visitor gets only the identity of that visitor. `build error`: the
 * build fails. `refused`: the response has status 500, or the page ends at the place of the identity.
 */
export type Fate = 'own' | 'build error' | 'refused';

/** A route of the app under test. */
export interface Route {
  readonly path: string;
  readonly files: Files;
  readonly fate: Fate;
}

type Kind = 'page' | 'component' | 'handler';

/** An app with a custom server that stores the session, so `contact` calls no request API of Next.js. */
export const leakApp = (hmacToken: string, proxy: 'proxy' | 'middleware'): Files => ({
  'jsconfig.json': JSON.stringify({ compilerOptions: { paths: { '@/*': ['./*'] } } }),
  'server.mjs': `
    import { AsyncLocalStorage } from 'node:async_hooks';
    import { createServer } from 'node:http';
    import next from 'next';
    const session = (globalThis.session = new AsyncLocalStorage());
    const app = next({ dev: process.argv.includes('dev'), dir: import.meta.dirname });
    await app.prepare();
    const handle = app.getRequestHandler();
    const server = createServer((request, response) =>
      session.run(request.headers['x-user'], () => handle(request, response)));
    server.listen(0, '127.0.0.1', () =>
      console.log('listening at http://127.0.0.1:' + server.address().port));
  `,
  'lib/options.js': `
    export const options = {
      inbox: { hmacToken: '${hmacToken}', websiteToken: 'website', baseUrl: 'http://127.0.0.1:9' },
      contact() {
        const user = globalThis.session?.getStore() ?? process.env.BUILD_USER;
        return user ? { identifier: user } : null;
      },
    };
  `,
  'lib/chatwoot.js': `
    import { chatwootIdentity } from '@chatwoot-identity/next';
    import { options } from './options';
    export const { GET, identity, Chatwoot } = chatwootIdentity(options);
  `,
  'lib/chatwoot-pages.js': `
    import { chatwootIdentityPages } from '@chatwoot-identity/next/pages';
    import { options } from './options';
    export const { identity } = chatwootIdentityPages(options);
  `,
  'app/layout.js': 'export default ({ children }) => <html><body>{children}</body></html>;',
  'instrumentation.js': `
    export async function register() {
      if (process.env.NEXT_RUNTIME === 'nodejs') {
        const { identity } = await import('./lib/chatwoot');
        await identity().then(
          () => console.log('instrumentation: signed in'),
          () => console.log('instrumentation: refused'),
        );
      }
    }`,
  [`${proxy}.js`]: `
    import { NextResponse } from 'next/server';
    export const config = { matcher: '/rewritten/:path*' };
    export const ${proxy} = ({ url, nextUrl }) =>
      NextResponse.rewrite(new URL(nextUrl.pathname.replace('/rewritten', ''), url));`,
  // Routes that revalidate pages and enable draft mode.
  'app/revalidate/route.js': `
    import { revalidatePath } from 'next/cache';
    export async function POST(request) {
      revalidatePath(await request.text());
      return new Response('done');
    }`,
  'app/draft/route.js': `
    import { draftMode } from 'next/headers';
    export async function POST() {
      (await draftMode()).enable();
      return new Response('done');
    }`,
});

const imports = `
  import { cache, Suspense } from 'react';
  import { unstable_cache } from 'next/cache';
  import { connection } from 'next/server';
  import { GET as handler, identity, Chatwoot } from '@/lib/chatwoot';
`;

const sources: Record<Kind, (config: string, who: string) => string> = {
  page: (config, who) => `${imports}
    ${config}
    const who = ${who};
    export default async () => <p>{JSON.stringify(await who())}</p>;`,
  component: (config) => `${imports}
    ${config}
    export default () => <Chatwoot />;`,
  handler: (config, who) => `${imports}
    ${config}
    const who = ${who};
    export const GET = ${who === 'identity' ? 'handler' : 'async () => Response.json(await who())'};`,
};

/**
 * Creates a page with a Suspense boundary, which `cacheComponents` requires around code that waits for a request.
 * `<Chatwoot />` renders a boundary itself.
 */
const suspended = (who: string, config = '') => `${imports}
  ${config}
  const who = ${who};
  async function Who() {
    return <p>{JSON.stringify(await who())}</p>;
  }
  export default () => <Suspense><Who /></Suspense>;`;

function route(kind: Kind, name: string, fate: Fate, source: string): Route {
  const folder = `${kind}/${name}`;
  return {
    path: `/${folder.replace(/\[.*\]/, 'new')}`,
    files: { [`app/${folder}/${kind === 'handler' ? 'route' : 'page'}.js`]: source },
    fate,
  };
}

function defaultRoutes(): Route[] {
  const configs: readonly [name: string, config: string, fate: Fate][] = [
    ['plain', '', 'own'],
    ['revalidate', 'export const revalidate = 1;', 'own'],
    ['force-static', "export const dynamic = 'force-static';", 'build error'],
    ['generated/[slug]', 'export const generateStaticParams = () => [];', 'refused'],
    [
      'force-static-generated/[slug]',
      "export const dynamic = 'force-static'; export const generateStaticParams = () => [];",
      'refused',
    ],
    [
      'revalidate-generated/[slug]',
      'export const revalidate = 1; export const generateStaticParams = () => [];',
      'refused',
    ],
  ];
  const cached = "unstable_cache(identity, ['who'])";
  const forceStatic = "export const dynamic = 'force-static';";
  return [
    ...(['page', 'component', 'handler'] as const).flatMap((kind) =>
      configs.map(([name, config, fate]) => route(kind, name, fate, sources[kind](config, 'identity'))),
    ),
    route('page', 'unstable-cache', 'build error', sources.page('', cached)),
    route(
      'page',
      'dynamic-unstable-cache',
      'refused',
      sources.page("export const dynamic = 'force-dynamic';", cached),
    ),
    route('handler', 'unstable-cache', 'refused', sources.handler('', cached)),
    ...(['page', 'handler'] as const).flatMap((kind) => [
      route(kind, 'error', 'build error', sources[kind]("export const dynamic = 'error';", 'identity')),
      route(
        kind,
        'fetch-cache',
        'own',
        sources[kind]("export const fetchCache = 'force-cache';", 'identity'),
      ),
      route(kind, 'one/[slug]', 'own', sources[kind](oneParam('other'), 'identity')),
      route(kind, 'this-one/[slug]', 'own', sources[kind](oneParam('new'), 'identity')),
      route(kind, 'any/[[...slug]]', 'refused', sources[kind](noParams, 'identity')),
      route(kind, 'react-cache', 'own', sources[kind]('', 'cache(identity)')),
    ]),
    route('handler', 'use-cache', 'refused', sources.handler('', useCache('use cache'))),
    route('page', 'use-cache', 'build error', sources.page('', useCache('use cache'))),
    route('page', 'metadata', 'own', metadata("''")),
    inLayout('layout-revalidate', 'own', 'export const revalidate = 1;'),
    inLayout('layout-force-static', 'build error', forceStatic),
    inSlot('slot', 'own', ''),
    inSlot('slot-force-static', 'build error', forceStatic),
    sitemap('map', 'own', ''),
    sitemap('map-force-static', 'build error', forceStatic),
    notFound,
    wholeInbox,
    rewritten('/page/plain', 'own'),
    rewritten('/handler/plain', 'own'),
    rewritten('/page/force-static-generated/new', 'refused'),
    ...pagesRoutes,
  ];
}

const noParams = 'export const generateStaticParams = () => [];';
const oneParam = (slug: string) => `export const generateStaticParams = () => [{ slug: '${slug}' }];`;
const useCache = (directive: string) => `async () => { '${directive}'; return identity(); }`;

/** Creates a page with the identity in the title. */
const metadata = (body: string) => `${imports}
  export const generateMetadata = async () => ({ title: JSON.stringify(await identity()) });
  const Body = async () => (await connection(), ${body});
  export default () => <Suspense><Body /></Suspense>;`;

/** Creates a route with the chat in the layout. The configuration of the page determines how both are cached. */
const inLayout = (name: string, fate: Fate, config: string): Route => ({
  path: `/${name}`,
  files: {
    [`app/${name}/layout.js`]: `${imports}
      export default ({ children }) => <>{children}<Chatwoot /></>;`,
    [`app/${name}/page.js`]: `${config} export default async () => <p>The page</p>;`,
  },
  fate,
});

/** Creates a route with the chat in a slot of the layout. The configuration of the page determines how both are cached. */
const inSlot = (name: string, fate: Fate, config: string): Route => ({
  path: `/${name}`,
  files: {
    [`app/${name}/layout.js`]: 'export default ({ children, chat }) => <>{children}{chat}</>;',
    [`app/${name}/@chat/page.js`]: sources.component('', 'identity'),
    [`app/${name}/page.js`]: `${config} export default async () => <p>The page</p>;`,
  },
  fate,
});

/** Creates a sitemap that contains the identity. Next.js caches metadata files unless they read the request. */
const sitemap = (name: string, fate: Fate, config: string): Route => ({
  path: `/${name}/sitemap.xml`,
  files: {
    [`app/${name}/sitemap.js`]: `${imports}
      ${config}
      export default async () => [{ url: 'https://shop.example.com/' + (await identity())?.identifier_hash }];`,
  },
  fate,
});

/** A page that would disclose the HMAC token, because a page contains all props of a client component. */
const wholeInbox: Route = {
  path: '/whole-inbox',
  files: {
    'app/whole-inbox/page.js': `
      import { ChatwootWidget } from '@chatwoot-identity/next/client';
      import { options } from '@/lib/options';
      export default () => <ChatwootWidget {...options.inbox} />;`,
  },
  fate: 'build error',
};

const notFound: Route = {
  path: '/missing',
  files: {
    'app/missing/page.js': `
      import { notFound } from 'next/navigation';
      export default () => notFound();`,
    'app/missing/not-found.js': sources.component('', 'identity'),
  },
  fate: 'own',
};

/** Creates a route that proxy.js rewrites to another route of the app. */
const rewritten = (path: string, fate: Fate): Route => ({ path: `/rewritten${path}`, files: {}, fate });

/** Creates a page that Next.js renders for the first visitor and then serves to all visitors. */
const kept = (props = '{}'): string => `
  export const getStaticPaths = () => ({ paths: [], fallback: 'blocking' });
  export const getStaticProps = async (context) => ({ props: ${props}, revalidate: 1 });
  export default ({ identity }) => <p>{JSON.stringify(identity)}</p>;`;

/**
 * The routes of the Pages Router. `_document` receives the request of the first visitor even if Next.js stores the page
 * for all visitors.
 */
const pagesRoutes: readonly Route[] = [
  {
    path: '/static-props',
    files: {
      'pages/static-props.js': `
        import { identity } from '@/lib/chatwoot-pages';
        export const getStaticProps = async (context) => ({ props: { identity: await identity(context) } });
        export default ({ identity }) => <p>{JSON.stringify(identity)}</p>;`,
    },
    fate: 'build error',
  },
  {
    path: '/static-props-later/new',
    files: {
      'pages/static-props-later/[slug].js': `
        import { identity as ask } from '@/lib/chatwoot-pages';
        ${kept('{ identity: await ask(context) }')}`,
    },
    fate: 'refused',
  },
  {
    path: '/document/new',
    files: {
      'pages/document/[slug].js': kept(),
      'pages/_document.js': `
        import { Head, Html, Main, NextScript } from 'next/document';
        import { identity } from '@/lib/chatwoot-pages';
        export default function Document({ identity }) {
          return (
            <Html>
              <Head />
              <body data-identity={JSON.stringify(identity)}><Main /><NextScript /></body>
            </Html>
          );
        }
        Document.getInitialProps = async (context) => {
          const { pathname, req, res } = context;
          const props = await context.defaultGetInitialProps(context);
          if (pathname.startsWith('/document')) props.identity = await identity(context);
          if (pathname.startsWith('/hand-made')) props.identity = await identity({ req, res });
          return props;
        };`,
    },
    fate: 'refused',
  },
  { path: '/hand-made/new', files: { 'pages/hand-made/[slug].js': kept() }, fate: 'refused' },
  {
    path: '/server-props',
    files: {
      'pages/server-props.js': `
        import { identity } from '@/lib/chatwoot-pages';
        export const getServerSideProps = async (context) => ({ props: { identity: await identity(context) } });
        export default ({ identity }) => <p>{JSON.stringify(identity)}</p>;`,
    },
    fate: 'own',
  },
  {
    path: '/api/own',
    files: {
      'pages/api/own.js': `
        import { identity } from '@/lib/chatwoot-pages';
        export default async (req, res) => res.json(await identity({ req, res }));`,
    },
    fate: 'own',
  },
];

function cacheComponentsRoutes(): Route[] {
  const cached = useCache;
  const later = (directive: string) =>
    `async () => { const cached = ${cached(directive)}; await connection(); return cached(); }`;
  return [
    route('page', 'plain', 'own', suspended('identity')),
    route('page', 'unknown/[slug]', 'own', suspended('identity')),
    route('component', 'plain', 'own', sources.component('', 'identity')),
    route('component', 'unknown/[slug]', 'own', sources.component('', 'identity')),
    route('handler', 'plain', 'own', sources.handler('', 'identity')),
    route('handler', 'unknown/[slug]', 'own', sources.handler('', 'identity')),
    route('page', 'cached', 'build error', suspended(cached('use cache'))),
    route('page', 'cached-later', 'refused', suspended(later('use cache'))),
    route('page', 'cached-private', 'refused', suspended(cached('use cache: private'))),
    route(
      'component',
      'cached',
      'build error',
      `'use cache';${sources.component('', 'identity').replace('default ()', 'default async ()')}`,
    ),
    route('handler', 'cached', 'build error', sources.handler('', cached('use cache'))),
    route('handler', 'cached-later', 'refused', sources.handler('', later('use cache'))),
    route('page', 'cached-remote', 'build error', suspended(cached('use cache: remote'))),
    route('page', 'cached-remote-later', 'refused', suspended(later('use cache: remote'))),
    route(
      'page',
      'cached-react',
      'build error',
      suspended(cached('use cache').replace('identity()', 'cache(identity)()')),
    ),
    route(
      'page',
      'unstable-cache',
      'refused',
      suspended("async () => (await connection(), unstable_cache(identity, ['who'])())"),
    ),
    route(
      'handler',
      'cached-file',
      'build error',
      `'use cache'; ${imports} export const GET = async () => Response.json(await identity());`,
    ),
    route('page', 'blocking', 'own', sources.page('export const instant = false;', 'identity')),
    ...(['page', 'handler'] as const).flatMap((kind) => {
      const source = (config: string) =>
        kind === 'page' ? suspended('identity', config) : sources.handler(config, 'identity');
      return [
        route(kind, 'one/[slug]', 'own', source(oneParam('other'))),
        route(kind, 'this-one/[slug]', 'own', source(oneParam('new'))),
        route(kind, 'any/[[...slug]]', 'own', source('')),
      ];
    }),
    // The children of a cached component are not part of its cache entry.
    route(
      'page',
      'handed',
      'own',
      `${imports}
      async function Cached({ children }) {
        'use cache';
        return <div>{children}</div>;
      }
      export default () => <Cached><Chatwoot /></Cached>;`,
    ),
    route('page', 'metadata', 'own', metadata('JSON.stringify(await identity())')),
    route(
      'page',
      'metadata-cached',
      'build error',
      metadata("''").replace('identity()', `(${cached('use cache')})()`),
    ),
    inLayout('layout', 'own', ''),
    inLayout('layout-of-cached', 'own', "'use cache';"),
    inSlot('slot', 'own', ''),
    sitemap('map', 'own', ''),
    notFound,
    wholeInbox,
    rewritten('/page/plain', 'own'),
    rewritten('/handler/plain', 'own'),
    rewritten('/page/cached-later', 'refused'),
    ...pagesRoutes,
  ];
}

/** Returns a route for every known way to make Next.js store a response that it rendered for one visitor. */
export function leakRoutes(mode: Cell['mode']): Route[] {
  return mode === 'default' ? defaultRoutes() : cacheComponentsRoutes();
}
