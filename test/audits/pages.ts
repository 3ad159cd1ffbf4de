import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hmacToken } from './faults.js';

export const sign = (identifier: string): string =>
  createHmac('sha256', hmacToken).update(identifier).digest('hex');

const hash = sign('user-1');
const noStore = { 'Cache-Control': 'private, no-store' };

/** One file of a site: its body, and its headers except Content-Type. */
interface File {
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The files of a site by path. The path of the page is `/`. */
export type Site = Readonly<Record<string, string | File>>;

/** A page with a leak, and the audit that must fail. */
export interface Leak {
  readonly name: string;
  readonly found: string;
  /** Matches the part of the reason that names the file. */
  readonly where: RegExp;
  readonly site: Site;
  /** True if the audit finds the leak only with the HMAC token. */
  readonly needsToken?: boolean;
}

/** Returns a site with a page that loads `/app.js`, and with that script. */
const withScript = (script: string, more: Site = {}): Site => ({
  '/': '<!doctype html><script src="/app.js"></script>',
  '/app.js': script,
  ...more,
});

const map = (source: string) => JSON.stringify({ version: 3, sources: ['app.ts'], sourcesContent: [source] });
const page = (body: string, headers?: Record<string, string>): Site => ({
  '/': { body: `<!doctype html><html><body>${body}</body></html>`, ...(headers && { headers }) },
});

export const leaks: readonly Leak[] = [
  {
    name: 'a page with the HMAC token in an inline script',
    found: 'page-token',
    where: /in the page for an anonymous visitor\./,
    site: page(`<script>const hmacToken = "${hmacToken}"</script>`),
  },
  {
    name: 'a page with the HMAC token under another name',
    found: 'page-token',
    where: /in the page for/,
    needsToken: true,
    site: page(`<div data-k="${hmacToken}"></div>`),
  },
  {
    name: 'a script with the HMAC token',
    found: 'page-token',
    where: /in the script \/app\.js\./,
    site: withScript(`const e={CHATWOOT_HMAC_TOKEN:"${hmacToken}"}`),
  },
  {
    name: 'a script with the HMAC token in base64',
    found: 'page-token',
    where: /in the script \/app\.js\./,
    needsToken: true,
    site: withScript(`const k=atob("${btoa(hmacToken)}")`),
  },
  {
    name: 'a source map with the HMAC token',
    found: 'page-token',
    where: /in the source map \/app\.js\.map\./,
    site: withScript('run()\n//# sourceMappingURL=app.js.map', {
      '/app.js.map': map(`const hmac_token = '${hmacToken}';`),
    }),
  },
  {
    name: 'a source map with the HMAC token that a header refers to',
    found: 'page-token',
    where: /in the source map \/maps\/app\.json\./,
    site: withScript('', {
      '/app.js': { body: 'run()', headers: { SourceMap: '/maps/app.json' } },
      '/maps/app.json': map(`const hmacToken = "${hmacToken}";`),
    }),
  },
  {
    name: 'a source map with the HMAC token inside a script',
    found: 'page-token',
    where: /in the source map in the script \/app\.js\./,
    needsToken: true,
    site: withScript(
      `run()\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,${btoa(map(`const k = '${hmacToken}'`))}`,
    ),
  },
  {
    name: 'a module with the HMAC token that another module imports',
    found: 'page-token',
    where: /in the script \/assets\/key\.js\./,
    site: {
      '/': '<base href="/assets/"><link rel="modulepreload" href="main.js">',
      '/assets/main.js': 'import{k}from"./key.js";run(k)',
      '/assets/key.js': `export const hmacSecret = '${hmacToken}'`,
    },
  },
  {
    name: 'a page with the HMAC token in the props of its RSC payload',
    found: 'page-token',
    where: /in the page for/,
    site: page(
      `<script>self.__next_f.push([1,"{\\"inbox\\":{\\"hmacToken\\":\\"${hmacToken}\\"}}"])</script>`,
    ),
  },
  {
    name: 'a separate RSC payload with the HMAC token',
    found: 'page-token',
    where: /in the RSC payload for an anonymous visitor\./,
    site: {
      ...page('<script>self.__next_f=[]</script>'),
      '/ (RSC)': {
        body: `1:{"inbox":{"hmacToken":"${hmacToken}"}}`,
        headers: { 'Content-Type': 'text/x-component' },
      },
    },
  },
  {
    name: 'a page with a hash and without Cache-Control',
    found: 'page-cache',
    where: /in the page for an anonymous visitor, which lacks no-store\./,
    site: page(`<script>$chatwoot.setUser("user-1",{identifier_hash:"${hash}",name:"Ada"})</script>`),
  },
  {
    name: 'a page with a hash that the browser may store',
    found: 'page-cache',
    where: /lacks no-store/,
    site: page(`<meta name="chatwoot-hash" content="${hash}">`, { 'Cache-Control': 'private, max-age=60' }),
  },
  {
    name: 'a page with a hash that a CDN may store',
    found: 'page-cache',
    where: /its header cdn-cache-control lets caches store it/,
    site: page(`<body data-identifier-hash=${hash}>`, { ...noStore, 'CDN-Cache-Control': 'max-age=60' }),
  },
  {
    name: 'a page with a hash that comes from a cache',
    found: 'page-cache',
    where: /an Age header/,
    site: page(`<body data-user-hash='${hash}'>`, { ...noStore, Age: '3' }),
  },
  {
    name: 'a page with a hash in escaped JSON',
    found: 'page-cache',
    where: /lacks no-store/,
    site: page(`<div data-props="{&quot;identifierHash&quot;:&quot;${hash}&quot;}"></div>`),
  },
  {
    name: 'an RSC payload with a hash',
    found: 'page-cache',
    where: /lacks no-store/,
    site: page(`<script>self.__next_f.push([1,"{\\"identifier_hash\\":\\"${hash}\\"}"])</script>`),
  },
  {
    name: 'a page with a hash under another name next to its identifier',
    found: 'page-cache',
    where: /lacks no-store/,
    needsToken: true,
    site: page(`<script>boot({"u":"user-1","s":"${hash}"})</script>`),
  },
  {
    name: 'a script with a hash',
    found: 'page-scripts',
    where: /in the script \/app\.js\./,
    site: withScript(`const user={identifier:"user-1",identifier_hash:"${hash}"}`),
  },
  {
    name: 'a source map with a hash',
    found: 'page-scripts',
    where: /in the source map \/app\.js\.map\./,
    site: withScript('run()\n//# sourceMappingURL=app.js.map', {
      '/app.js.map': map(`const u = { "identifier_hash": "${hash}" };`),
    }),
  },
  {
    name: 'a call to setUser without a profile',
    found: 'page-set-user',
    where: /in the page for an anonymous visitor passes/,
    site: page('<script>window.$chatwoot.setUser("user-1")</script>'),
  },
  {
    name: 'a call to setUser without a hash',
    found: 'page-set-user',
    where: /in the page for an anonymous visitor passes/,
    site: page(
      `<script>window.$chatwoot.setUser(user.id, { email: user.email, name: full(user, ")") })</script>`,
    ),
  },
  {
    name: 'a call to setUser without a hash in a minified script',
    found: 'page-set-user',
    where: /in the script \/app\.js passes/,
    site: withScript('e=>{window.$chatwoot?.setUser(e.id,{name:e.name,custom_attributes:{a:f(1)}})}'),
  },
  {
    name: 'a link with the hash in its query',
    found: 'page-url',
    where: /in the page for/,
    site: page(`<a href="/chat?id=user-1&amp;identifier_hash=${hash}">Chat</a>`, noStore),
  },
  {
    name: 'a request with the hash in its query',
    found: 'page-url',
    where: /in the script \/app\.js\./,
    site: withScript('fetch(`/support?identifier_hash=' + '$' + '{h}`)'),
  },
  {
    name: 'a request for the hash with the user in its query',
    found: 'page-url',
    where: /in the script \/app\.js\./,
    site: withScript('fetch("/api/chatwoot/hash?user_id="+user.id).then(start)'),
  },
];

/** Pages that leak nothing. */
export const cleanSites: readonly { readonly name: string; readonly site: Site }[] = [
  {
    name: 'a page with a hash that no cache may store',
    site: page(
      `<script>$chatwoot.setUser("user-1",{identifier_hash:"${hash}",name:"Ada"})</script>`,
      noStore,
    ),
  },
  {
    name: 'a call to setUser with an object and a nested call, and URLs that only resemble identity URLs',
    site: page(
      '<a href="/brand-identity/logos?id=3">Logos</a><script>$chatwoot.setUser(idOf({a:1},"),"),{name:f(1,2),identifier_hash:h})</script>',
    ),
  },
  {
    name: "scripts with integrity from the page's origin and from another origin",
    site: {
      '/': `<script src="/app.js" integrity="sha256-${sign('x')}"></script><script src="https://cdn.invalid/a.js"></script>`,
      '/app.js': `load("${sign('y')}.css");window.$chatwoot.setUser(u.id,{identifier_hash:u.hash})`,
    },
  },
  {
    name: "a bundle with this project's own client, and a comment that names a module without a file",
    site: {
      '/': '<script src="/chunk.js"></script>',
      '/chunk.js':
        '// lazy(() => import(\'./MyComponent\'))\nconst key=Symbol.for("chatwoot-identity");sdk()?.setUser(id,user)',
    },
  },
];

/** Serves a site on a real socket. */
export async function startSite(site: Site): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://x');
    const isRsc = request.headers.rsc && site['/ (RSC)'];
    // As Next.js 16 does.
    if (isRsc && !searchParams.has('_rsc')) return void response.writeHead(307, { location: '/?_rsc' }).end();
    const path = isRsc ? '/ (RSC)' : pathname;
    const found = site[path];
    if (found === undefined) return void response.writeHead(404).end();
    const { body, headers } = typeof found === 'string' ? { body: found, headers: {} } : found;
    const type = path === '/' ? 'text/html; charset=utf-8' : 'text/javascript';
    response.writeHead(200, { 'Content-Type': type, ...headers }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
