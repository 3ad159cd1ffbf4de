import type { Cell, Files } from './app.js';

/**
 * What becomes of a route: each visitor gets themselves; or Next.js refuses to build it; or it answers 500, or
 * with a page that breaks off where the identity should be.
 */
export type Fate = 'own' | 'build error' | 'refused';

/** A route of the app under test. */
export interface Route {
  readonly path: string;
  readonly file: string;
  readonly source: string;
  readonly fate: Fate;
}

type Kind = 'page' | 'component' | 'handler';

/** The session lives in the custom server, as with Express and Passport: no request API of Next.js is touched. */
export const leakApp = (hmacToken: string): Files => ({
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
  'lib/chatwoot.js': `
    import { chatwootIdentity } from '@chatwoot-identity/next';
    export const { GET, identity, Chatwoot } = chatwootIdentity({
      inbox: { hmacToken: '${hmacToken}', websiteToken: 'website', baseUrl: 'http://127.0.0.1:9' },
      contact() {
        const user = globalThis.session?.getStore() ?? process.env.BUILD_USER;
        return user ? { identifier: user } : null;
      },
    });
  `,
  'app/layout.js': 'export default ({ children }) => <html><body>{children}</body></html>;',
});

const imports = `
  import { Suspense } from 'react';
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

/** `cacheComponents` wants a boundary around what waits for a request; `<Chatwoot />` brings its own. */
const suspended = (who: string) => `${imports}
  const who = ${who};
  async function Who() {
    return <p>{JSON.stringify(await who())}</p>;
  }
  export default () => <Suspense><Who /></Suspense>;`;

function route(kind: Kind, name: string, fate: Fate, source: string): Route {
  const folder = `${kind}/${name}`;
  return {
    path: `/${folder.replace('[slug]', 'new')}`,
    file: `app/${folder}/${kind === 'handler' ? 'route' : 'page'}.js`,
    source,
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
    staticProps,
  ];
}

/** The Pages Router's static page. */
const staticProps: Route = {
  path: '/static-props',
  file: 'pages/static-props.js',
  source: `
    import { chatwootIdentityPages } from '@chatwoot-identity/next/pages';
    const { identity } = chatwootIdentityPages({ inbox: {}, contact: () => ({ identifier: process.env.BUILD_USER }) });
    export const getStaticProps = async (context) => ({ props: { identity: await identity(context) } });
    export default ({ identity }) => <p>{JSON.stringify(identity)}</p>;`,
  fate: 'build error',
};

function cacheComponentsRoutes(): Route[] {
  const cached = (directive: string) => `async () => { '${directive}'; return identity(); }`;
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
    staticProps,
  ];
}

/** Every way in which Next.js can be made to keep what one visitor got. */
export function leakRoutes(mode: Cell['mode']): Route[] {
  return mode === 'default' ? defaultRoutes() : cacheComponentsRoutes();
}
