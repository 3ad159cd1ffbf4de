import type { Server } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { chatwootIdentity } from '@chatwoot-identity/fetch';
import { createAdaptorServer } from '@hono/node-server';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { compress } from 'hono/compress';
import { cors } from 'hono/cors';
import { etag } from 'hono/etag';
import { secureHeaders } from 'hono/secure-headers';
import { describe, expect, test } from 'vitest';
import type { Mode } from '../injection/conformance.js';
import { ADA } from '../support/ada.js';
import { ask, NAVIGATION, serving } from '../support/http.js';
import { INBOX } from '../support/inbox.js';
import { findMarkup, PLAIN } from '../support/markup.js';

/** Creates the Hono middleware that packages/fetch/README.md shows. */
function chat(inject: Mode = true, contact: (request: Request, c: Context) => typeof ADA | null = () => ADA) {
  const chatwoot = chatwootIdentity({ inbox: INBOX, contact, inject });
  const middleware: MiddlewareHandler = async (c, next) => {
    const respond = async (request: Request) => {
      c.req.raw = request;
      await next();
      return c.res;
    };
    const response = await chatwoot(c.req.raw, respond, c);
    c.res = undefined;
    c.res = response;
  };
  return middleware;
}

function serverOf(...middlewares: MiddlewareHandler[]): Server {
  const app = new Hono();
  for (const middleware of middlewares) app.use(middleware);
  app.get('/', (c) => c.html(PLAIN));
  app.get('/fails', () => {
    throw new Error('no database');
  });
  app.onError((_error, c) => c.html(PLAIN, 500));
  return createAdaptorServer(app) as Server;
}

describe('Hono', () => {
  const page = (server: Server, headers: Record<string, string | undefined> = {}) =>
    serving(server, (url) => ask(url, { headers: { ...NAVIGATION, ...headers } }));

  test('adds a suffix to the tag that etag() generates, and responds with 304 only to the tag with the suffix', async () => {
    const server = () => serverOf(chat(), etag());
    const first = await page(server());
    expect(first.headers.etag).toMatch(/-cw[0-9a-f]{8}"$/);
    const own = first.headers.etag!.replace(/-cw[0-9a-f]{8}"$/, '"');
    const again = await page(server(), { 'if-none-match': first.headers.etag });
    expect([again.status, again.headers.etag]).toEqual([304, first.headers.etag]);
    const old = await page(server(), { 'if-none-match': own });
    expect([old.status, findMarkup(old.body)?.without.toString()]).toEqual([200, PLAIN]);
  });

  test("removes the validators and caching headers of a page with inject: 'inline'", async () => {
    const caching: MiddlewareHandler = async (c, next) => {
      await next();
      c.header('Cache-Control', 'public, max-age=600');
    };
    const { headers, body } = await page(serverOf(chat('inline'), caching, etag()));
    expect(headers).toMatchObject({ 'cache-control': 'private, no-store' });
    expect(headers).not.toHaveProperty('etag');
    expect(findMarkup(body)?.data.identity).toMatchObject(ADA);
  });

  test('preserves headers of outer middleware on pages', async () => {
    const server = serverOf(cors({ origin: 'https://shop.example.com' }), secureHeaders(), chat());
    const { headers } = await page(server, { origin: 'https://shop.example.com' });
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'https://shop.example.com',
      'x-frame-options': 'SAMEORIGIN',
    });
  });

  test("removes the CORS headers that an app-wide cors() sets on the endpoint's response", async () => {
    const outside = cors({ origin: (origin) => origin, credentials: true });
    const { status, headers } = await serving(serverOf(outside, chat()), (url) =>
      ask(`${url}/chatwoot/identity`, { headers: { origin: 'https://evil.example' } }),
    );
    expect(status).toBe(200);
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(headers['cache-control']).toBe('private, no-store');
  });

  test('injects the chat into a page that compress() in outer middleware compresses', async () => {
    const { headers, body } = await page(serverOf(compress({ threshold: 0 }), chat()), {
      'accept-encoding': 'gzip',
    });
    expect(headers['content-encoding']).toBe('gzip');
    expect(findMarkup(gunzipSync(body))?.without.toString()).toBe(PLAIN);
  });

  test('injects the chat into an error page that onError returns, and preserves the status', async () => {
    const { status, body } = await serving(serverOf(chat()), (url) =>
      ask(`${url}/fails`, { headers: NAVIGATION }),
    );
    expect([status, findMarkup(body)?.without.toString()]).toEqual([500, PLAIN]);
  });
});
