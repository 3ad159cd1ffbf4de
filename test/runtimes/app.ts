/**
 * The apps under test in other runtimes. One server serves all apps: the request header `x-app` contains the name of the
 * app. The script setup.ts bundles this file.
 */
import { chatwootIdentity, chatwootLogout } from '@chatwoot-identity/fetch';
import { fetchApp, type Handler } from '../endpoint/fetch-app.js';
import { DEFAULTS, ENDPOINT, MIDDLEWARE } from '../endpoint/table.js';
import { type InjectionCase, injectionCases } from '../injection/cases.js';
import { ADA } from '../support/ada.js';
import { INBOX } from '../support/inbox.js';
import { PLAIN } from '../support/markup.js';

const html = { 'content-type': 'text/html; charset=utf-8' };
const reported: string[] = [];
const apps = new Map<string, Handler>();

[...ENDPOINT, ...MIDDLEWARE].forEach(({ options }, index) => {
  const onError = (error: unknown) => void reported.push((error as Error).message);
  apps.set(`row ${index}`, fetchApp({ ...DEFAULTS, onError, ...options }));
});

injectionCases.forEach((page, index) => {
  const app = () => responseOf(page);
  apps.set(`case ${index} alone`, async () => app());
  for (const inject of [true, 'inline'] as const) {
    const chatwoot = chatwootIdentity({ inbox: INBOX, contact: () => ADA, inject });
    apps.set(`case ${index} ${inject}`, (request) => chatwoot(request, app));
  }
});

function responseOf({ status = 200, headers = {}, body }: InjectionCase): Response {
  if (status === 204) return new Response(null, { status, headers });
  const whole = typeof body === 'string' ? body : new Uint8Array(body as Buffer);
  return new Response(Array.isArray(body) ? streamOf(body) : whole, { status, headers });
}

/** Returns a stream that produces one chunk per pull. */
function streamOf(chunks: readonly (string | Buffer)[]): ReadableStream<Uint8Array> {
  const rest = chunks.map((chunk) => Buffer.from(chunk));
  return new ReadableStream({
    pull(controller) {
      const chunk = rest.shift();
      if (chunk) controller.enqueue(new Uint8Array(chunk));
      else controller.close();
    },
  });
}

const chatwoot = chatwootIdentity<string>({
  inbox: INBOX,
  contact: (_request, identifier) => ({ identifier }),
  inject: 'inline',
});
const cacheable = chatwootIdentity({ inbox: INBOX, contact: () => ADA, inject: true });

apps.set('context', (request) => chatwoot(request, () => new Response(PLAIN, { headers: html }), 'user-7'));

apps.set('cookies', (request) => {
  const headers = new Headers(html);
  for (const name of ['a', 'b'])
    headers.append('set-cookie', `${name}=1; Expires=Fri, 01 Jan 2100 00:00:00 GMT`);
  return cacheable(request, () => new Response(PLAIN, { status: 418, statusText: 'Teapot', headers }));
});

apps.set('logout', (request) =>
  chatwoot(
    request,
    (request) => {
      const headers = new Headers(html);
      chatwootLogout(request, headers);
      return new Response(PLAIN, { headers });
    },
    'user-7',
  ),
);

/** Sends a page with an entity tag, and responds with 304 to a request with that tag. */
apps.set('tagged', (request) =>
  cacheable(request, ({ headers }) => {
    const isCurrent = headers.get('if-none-match') === '"page"';
    const init = { status: isCurrent ? 304 : 200, headers: { ...html, etag: '"page"' } };
    return new Response(isCurrent ? null : PLAIN, init);
  }),
);

/** Handles a write that is conditional on the entity tag of the page. */
apps.set('guarded', (request) =>
  cacheable(request, async (request) => {
    const guard = request.headers.get('if-match');
    const text = await request.text();
    return guard === '"page"' ? new Response(text) : new Response(guard, { status: 412 });
  }),
);

/** Returns a response of `fetch()`, whose headers are immutable. */
apps.set('proxied', (request) =>
  cacheable(request, () => fetch(request.url, { headers: { 'x-app': 'plain' } })),
);
apps.set('plain', async () => new Response(PLAIN, { headers: { ...html, etag: '"page"' } }));

let pulled = 0;
let cancel: () => void = () => {};
const cancelled = new Promise<void>((resolve) => {
  cancel = resolve;
});

/** Responds with a page that never ends. */
apps.set('endless', (request) => {
  const chunk = new TextEncoder().encode(`<p>${'x'.repeat(64 * 1024)}</p>`);
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('<!doctype html><body>')),
    pull(controller) {
      pulled += chunk.length;
      controller.enqueue(chunk);
    },
    cancel,
  });
  return cacheable(request, () => new Response(body, { headers: html }));
});
apps.set('endless: pulled', async () => new Response(String(pulled)));
apps.set('endless: cancelled', () => cancelled.then(() => new Response('cancelled')));

const silent = { asked: false, cancelled: false };

/** Responds with a page but never sends its first byte. */
apps.set('silent', (request) =>
  cacheable(request, () => {
    const body = new ReadableStream({
      pull: () => void Object.assign(silent, { asked: true }),
      cancel: () => void Object.assign(silent, { cancelled: true }),
    });
    return new Response(body, { headers: html });
  }),
);
apps.set('silent: state', async () => Response.json(silent));

apps.set('reported', async () => Response.json(reported.splice(0)));

export async function app(request: Request): Promise<Response> {
  const name = request.headers.get('x-app') ?? '';
  return (
    apps.get(name)?.(request) ?? new Response(`The header x-app names no app: "${name}".`, { status: 404 })
  );
}
