import http from 'node:http';
import { chatwootIdentity } from '@chatwoot-identity/express';
import { chatwootIdentity as fetchIdentity } from '@chatwoot-identity/fetch';
import { chatwootIdentity as koaIdentity } from '@chatwoot-identity/koa';
import { createAdaptorServer } from '@hono/node-server';
import express5, { type RequestHandler } from 'express';
import express4 from 'express4';
import koa3, { type Context, type Middleware } from 'koa';
import koa2 from 'koa2';
import { describe, expect, test } from 'vitest';
import { ask, NAVIGATION, serving } from '../support/http.js';
import { INBOX } from '../support/inbox.js';
import { PLAIN } from '../support/markup.js';

/** Returns the cache key for a request. */
type KeyOf = (request: { url: string; path: string }) => string;
const byUrl: KeyOf = ({ url }) => url;

/** Creates Express middleware that caches whole responses in memory and ignores `Cache-Control`, as apicache does. */
function storesResponses(keyOf: KeyOf): RequestHandler {
  const stored = new Map<string, { headers: http.OutgoingHttpHeaders; body: Buffer }>();
  return (req, res, next) => {
    const found = stored.get(keyOf(req));
    if (found) return void res.writeHead(200, found.headers).end(found.body);
    const end = res.end as (...args: unknown[]) => typeof res;
    res.end = ((chunk: Buffer | string, ...rest: []) => {
      stored.set(keyOf(req), { headers: res.getHeaders(), body: Buffer.from(chunk ?? '') });
      return end.call(res, chunk, ...rest);
    }) as typeof res.end;
    next();
  };
}

/** Creates Koa middleware that caches whole responses in memory and ignores `Cache-Control`, as koa-cash does. */
function storesBodies(keyOf: KeyOf): Middleware {
  const stored = new Map<string, { headers: Record<string, string>; body: unknown }>();
  return async (ctx, next) => {
    const found = stored.get(keyOf(ctx));
    if (found) {
      ctx.set(found.headers);
      ctx.body = found.body;
      return;
    }
    await next();
    stored.set(keyOf(ctx), {
      headers: { ...ctx.response.headers } as Record<string, string>,
      body: ctx.body,
    });
  };
}

type Inject = true | 'inline';
type Order = 'before' | 'after';

const contact = ({ headers }: { headers: http.IncomingHttpHeaders }) =>
  headers['x-user'] ? { identifier: String(headers['x-user']) } : null;

function expressApp(express: typeof express5, inject: Inject, order: Order, keyOf = byUrl): http.Server {
  const app = express();
  const chat = chatwootIdentity({ inbox: INBOX, contact, inject });
  app.use(order === 'before' ? [storesResponses(keyOf), chat] : [chat, storesResponses(keyOf)]);
  app.use((_req, res) => void res.send(PLAIN));
  return http.createServer(app);
}

function koaApp(Koa: typeof koa3, inject: Inject, order: Order, keyOf = byUrl): http.Server {
  const app = new Koa();
  const chat = koaIdentity({ inbox: INBOX, contact: (ctx: Context) => contact(ctx), inject });
  for (const middleware of order === 'before' ? [storesBodies(keyOf), chat] : [chat, storesBodies(keyOf)])
    app.use(middleware);
  app.use((ctx) => {
    ctx.body = PLAIN;
  });
  return http.createServer(app.callback());
}

type Handler = (request: Request) => Response | Promise<Response>;

/** Creates a handler that caches web responses in memory and ignores `Cache-Control`. */
function storesWebResponses(keyOf: KeyOf): (request: Request, next: Handler) => Promise<Response> {
  const stored = new Map<string, Response>();
  return async (request, next) => {
    const { pathname, search } = new URL(request.url);
    const key = keyOf({ url: pathname + search, path: pathname });
    if (!stored.has(key)) stored.set(key, await next(request));
    return stored.get(key)!.clone();
  };
}

function fetchApp(inject: Inject, order: Order, keyOf = byUrl): http.Server {
  const chat = fetchIdentity({
    inbox: INBOX,
    contact: ({ headers }) => contact({ headers: Object.fromEntries(headers) }),
    inject,
  });
  const cache = storesWebResponses(keyOf);
  const app = () => new Response(PLAIN, { headers: { 'content-type': 'text/html; charset=utf-8' } });
  const fetch: Handler =
    order === 'before'
      ? (request) => cache(request, (request) => chat(request, app))
      : (request) => chat(request, (request) => cache(request, app));
  return createAdaptorServer({ fetch }) as http.Server;
}

describe.each<[string, (inject: Inject, order: Order, keyOf?: KeyOf) => http.Server]>([
  ['Express 5', (...args) => expressApp(express5, ...args)],
  ['Express 4', (...args) => expressApp(express4 as unknown as typeof express5, ...args)],
  ['Koa 3', (...args) => koaApp(koa3, ...args)],
  ['Koa 2', (...args) => koaApp(koa2 as unknown as typeof koa3, ...args)],
  ['Fetch, @hono/node-server', fetchApp],
])('%s:', (_name, build) => {
  /** Requests the page as Ada, as Bob and as an anonymous visitor, and returns the three bodies. */
  const pages = (inject: Inject, order: Order, path = '/') =>
    serving(build(inject, order), async (url) => {
      const bodies: string[] = [];
      for (const user of ['ada', 'bob', '']) {
        const headers = { ...NAVIGATION, ...(user && { 'x-user': user }) };
        bodies.push((await ask(url + path, { headers })).body.toString());
      }
      return bodies;
    });

  test.each<[Order]>([['before'], ['after']])(
    'a response cache mounted %s the middleware stores no identity with inject: true',
    async (order) => {
      const bodies = await pages(true, order);
      for (const body of bodies) {
        expect(body).toContain('id="chatwoot-identity"');
        expect(body).not.toMatch(/identifier|ada|bob/);
      }
    },
  );

  test("a response cache mounted after the middleware stores no identity with inject: 'inline'", async () => {
    const [ada, bob, anonymous] = await pages('inline', 'after');
    expect(ada).toContain('"identifier":"ada"');
    expect(bob).toContain('"identifier":"bob"');
    expect(bob).not.toContain('ada');
    expect(anonymous).toContain('"identity":null');
  });

  test('a response cache mounted before the middleware never has a response for the random query of the page script', async () => {
    await serving(build(true, 'before'), async (url) => {
      const answers: unknown[] = [];
      for (const [user, query] of [
        ['ada', '3f9a'],
        ['bob', '77c1'],
        ['', 'a0e2'],
      ] as const) {
        const headers = {
          accept: 'application/vnd.chatwoot-identity+json, application/json',
          ...(user && { 'x-user': user }),
        };
        const { status, body } = await ask(`${url}/chatwoot/identity?cw=${query}`, { headers });
        answers.push([status, body.length ? JSON.parse(body.toString()).identifier : undefined]);
      }
      expect(answers).toEqual([
        [200, 'ada'],
        [200, 'bob'],
        [204, undefined],
      ]);
    });
  });

  test('a response cache that ignores the query returns a response with an old nonce, which the page script refuses', async () => {
    await serving(
      build(true, 'before', ({ path }) => path),
      async (url) => {
        const askAs = (nonce: string, user: string) =>
          ask(`${url}/chatwoot/identity?cw=${nonce}`, {
            headers: { accept: `application/vnd.chatwoot-identity+json;nonce=${nonce}`, 'x-user': user },
          });
        const first = await askAs('3f9a', 'ada');
        expect(first.headers['chatwoot-identity-nonce']).toBe('3f9a');
        const second = await askAs('77c1', 'bob');
        expect(second.body.toString()).toContain('ada');
        expect(second.headers['chatwoot-identity-nonce']).not.toBe('77c1');
      },
    );
  });

  test("a response cache mounted before the middleware serves one user's identity to another with inject: 'inline'", async () => {
    const [ada, bob] = await pages('inline', 'before');
    expect(ada).toContain('"identifier":"ada"');
    expect(bob).toBe(ada); // docs/caching.md recommends mounting response caches after chatwootIdentity
  });
});
