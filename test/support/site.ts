import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { Identity } from '@chatwoot-identity/browser';
import { hash, source } from '@chatwoot-identity/browser/script';
import { transform } from 'esbuild';
import { listen } from './http.js';

export type Person = Omit<Identity, 'identifier_hash'>;

export interface Inbox {
  readonly hmacToken: string;
  readonly websiteToken: string;
  readonly baseUrl: string;
}

/**
 * A minimal site. The server of the site uses only the page script of this project. Tests may set the fields of
 * a site at any time.
 */
export interface Site {
  readonly url: string;
  inbox: Inbox;
  /** The signed-in user. */
  user: Person | null;
  /** The error status with which the endpoint responds. The status is undefined if the endpoint succeeds. */
  failure: number | undefined;
  /** The problem details (RFC 9457) in the endpoint's response if `failure` is set. */
  problem: { detail?: string };
  /** The requests that the endpoint received. */
  readonly identityRequests: { url: string; headers: IncomingHttpHeaders }[];
  /** Called when the endpoint receives a request, before it responds. */
  onIdentityRequest: (() => unknown) | undefined;
  /**
   * The identity in the page, if it differs from that of `user`. If the object is empty, the page contains no
   * identity, and the page script requests it from the endpoint.
   */
  inlined: { identity?: Identity | null } | undefined;
  /** Additional properties of the page's data block. */
  data: object;
  /** HTML that the page contains before the data block. */
  before: string;
  headers: Record<string, string>;
  identity(person: Person, hmacToken?: string): Identity;
  close(): Promise<void>;
}

/**
 * Starts a site with three pages. `/` contains the data block and the page script. `/app` provides the browser package as
 * `window.chat` instead. `/bare` contains neither.
 */
export async function startSite(inbox: Inbox): Promise<Site> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url!, site.url);
    const send = (status: number, type: string, body: string) =>
      response
        .writeHead(status, { 'content-type': type, 'cache-control': 'no-store', ...site.headers })
        .end(body);

    if (pathname === '/chatwoot/identity') {
      site.identityRequests.push({ url: request.url!, headers: request.headers });
      await site.onIdentityRequest?.();
      if (site.failure) send(site.failure, 'application/problem+json', JSON.stringify(site.problem));
      else if (site.user) send(200, 'application/json', JSON.stringify(site.identity(site.user)));
      else if (request.headers.accept?.includes('vnd.chatwoot-identity+json')) response.writeHead(204).end();
      else send(401, 'application/problem+json', '{}');
    } else if (pathname === `/chatwoot/widget-${hash}.js`) {
      send(200, 'text/javascript', source);
    } else if (pathname.startsWith('/browser/')) {
      const file = new URL(
        `.${pathname.slice('/browser'.length).replace(/\.js$/, '.ts')}`,
        import.meta.resolve('@chatwoot-identity/browser'), // the source of the package
      );
      const { code } = await transform(await readFile(file, 'utf8'), { loader: 'ts' });
      send(200, 'text/javascript', code);
    } else if (pathname === '/app.js') {
      send(200, 'text/javascript', "import * as chat from '/browser/index.js'; window.chat = chat;");
    } else {
      const identity = site.user && site.identity(site.user);
      const data = {
        base_url: site.inbox.baseUrl,
        website_token: site.inbox.websiteToken,
        identity_url: '/chatwoot/identity',
        ...(site.inlined ?? { identity }),
        ...site.data,
      };
      const script = `<script type="application/json" id="chatwoot-identity">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>
        <script src="/chatwoot/widget-${hash}.js" defer></script>`;
      const app = '<script type="module" src="/app.js"></script>';
      const markup = pathname === '/' ? script : pathname === '/app' ? app : '';
      send(200, 'text/html', `<!doctype html><title>A site</title><body>${site.before}${markup}</body>`);
    }
  });
  const { url, close } = await listen(server);

  const site: Site = {
    url,
    inbox,
    user: null,
    failure: undefined,
    problem: {},
    identityRequests: [],
    onIdentityRequest: undefined,
    inlined: undefined,
    data: {},
    before: '',
    headers: {},
    identity: (person, hmacToken = site.inbox.hmacToken) => ({
      ...person,
      identifier_hash: createHmac('sha256', hmacToken).update(person.identifier).digest('hex'),
    }),
    close,
  };
  return site;
}
