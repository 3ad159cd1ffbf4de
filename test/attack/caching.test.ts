import http from 'node:http';
import { type ChatwootIdentityOptions, chatwootIdentity } from '@chatwoot-identity/express';
import { chatwootIdentity as koaIdentity } from '@chatwoot-identity/koa';
import express5, { type Express, type Request, type RequestHandler, type Response } from 'express';
import express4 from 'express4';
import Koa, { type Middleware } from 'koa';
import onHeaders from 'on-headers';
import { describe, expect, test } from 'vitest';
import { ADA } from '../support/ada.js';
import { ask, serving } from '../support/http.js';
import { INBOX } from '../support/inbox.js';
import { PLAIN } from '../support/markup.js';

/** The caching headers of an app that serves every visitor the same pages until it adds the chat. */
const PUBLIC = {
  'Cache-Control': 'public, max-age=60, stale-while-revalidate=600',
  'CDN-Cache-Control': 'max-age=60',
  'Surrogate-Control': 'max-age=60',
  'X-LiteSpeed-Cache-Control': 'public, max-age=60',
  Expires: 'Fri, 01 Jan 2100 00:00:00 GMT',
  ETag: '"page"',
  'Last-Modified': 'Fri, 01 Jan 2021 00:00:00 GMT',
};

const paths = ['/', '/placed', '/chatwoot/identity'];
const REMOVED = [
  'cdn-cache-control',
  'surrogate-control',
  'x-litespeed-cache-control',
  'expires',
  'etag',
  'last-modified',
];

/**
 * Requests all pages with GET and HEAD. Expects the pages to contain an identity or the chat, and no response to have a
 * header that allows caching.
 */
async function expectUncacheable(server: http.Server): Promise<void> {
  await serving(server, async (url) => {
    for (const path of paths) {
      for (const method of ['GET', 'HEAD']) {
        const { status, headers, body } = await ask(url + path, {
          method,
          headers: { 'if-none-match': '*' },
        });
        expect(status, path).toBe(200);
        // The template helper renders no identity, because a response cache mounted after the middleware can read
        // the page.
        const expected = path === '/placed' ? 'id="chatwoot-identity"' : '"identifier":"user-1"';
        if (method === 'GET') expect(body.toString(), path).toContain(expected);
        expect(headers['cache-control'], path).toBe('private, no-store');
        for (const name of REMOVED) expect(headers, `${method} ${path}`).not.toHaveProperty(name);
      }
    }
  });
}

/** Serves pages. At `/placed` the template renders the chat; at all other paths the page has no chat. */
const pages: RequestHandler = async (req, res) => {
  const chat = req.path === '/placed' ? await res.locals.chatwootIdentity!() : '';
  res.send(PLAIN.replace('</h1>', `</h1>${chat}`));
};

describe.each([
  ['Express 5', express5],
  ['Express 4', express4 as unknown as typeof express5],
])('%s middleware', (_version, express) => {
  const chat = (options: Partial<ChatwootIdentityOptions> = {}) =>
    chatwootIdentity({ inbox: INBOX, contact: () => ADA, inject: 'inline', ...options });

  /** Sets caching headers in an on-headers listener, after all other middleware, as express-cache-controller does. */
  const onHeadersRule: RequestHandler = (_req, res, next) => {
    onHeaders(res, () => {
      for (const [name, value] of Object.entries(PUBLIC)) res.setHeader(name, value);
    });
    next();
  };

  test.each<[string, RequestHandler[]]>([
    ['before the middleware', [onHeadersRule, chat()]],
    ['after the middleware', [chat(), onHeadersRule]],
    [
      'before the middleware, with an asynchronous contact',
      [onHeadersRule, chat({ contact: async () => ADA })],
    ],
  ])(
    'overrides caching headers that are set just before the headers are sent, by a listener mounted %s',
    async (_order, handlers) => {
      const app = express();
      app.use(handlers);
      app.use(pages);
      await expectUncacheable(http.createServer(app));
    },
  );

  test.each([
    ['an object', PUBLIC],
    ['a list', Object.entries(PUBLIC).flat()],
  ])('overrides caching headers that inner middleware passes to writeHead as %s', async (_form, headers) => {
    const below: RequestHandler = (_req, res, next) => {
      const { writeHead } = res;
      res.writeHead = ((status: number) => writeHead.call(res, status, headers)) as typeof res.writeHead;
      next();
    };
    const app = express();
    app.use(below, chat());
    app.use(pages);
    await expectUncacheable(http.createServer(app));
  });

  /** Creates a replacement for `writeHead` that sets caching headers. */
  const ruling = (writeHead: http.ServerResponse['writeHead']) =>
    function ruling(this: http.ServerResponse, ...args: unknown[]) {
      for (const [name, value] of Object.entries(PUBLIC)) this.setHeader(name, value);
      return Reflect.apply(writeHead, this, args);
    } as typeof writeHead;

  test.each([
    ["the app's responses", (app: Express) => app.response],
    ["all of Express' responses", () => express.response],
    ["Node's responses", () => http.ServerResponse.prototype],
  ])('overrides caching headers that writeHead patched on the prototype of %s sets', async (_whose, of) => {
    const app = express();
    const prototype: Partial<http.ServerResponse> = of(app);
    const before = Object.getOwnPropertyDescriptor(prototype, 'writeHead');
    app.use(chat());
    app.use(pages);
    try {
      for (let times = 0; times < 2; times++) {
        prototype.writeHead = ruling(http.ServerResponse.prototype.writeHead);
        await expectUncacheable(http.createServer(app));
      }
    } finally {
      delete prototype.writeHead;
      if (before) Object.defineProperty(prototype, 'writeHead', before);
    }
  });

  test('overrides caching headers that instrumentation sets in a writeHead property of the response', async () => {
    const app = express();
    app.use(chat(), (_req, res, next) => {
      Object.defineProperty(res, 'writeHead', { value: ruling(res.writeHead) });
      next();
    });
    app.use((_req, res) => void res.send(PLAIN));
    const { headers } = await serving(http.createServer(app), (url) => ask(url));
    expect(headers).toMatchObject({ 'cache-control': 'private, no-store' });
    expect(headers).not.toHaveProperty('etag');
  });

  test.each([
    ['send', (res: Response) => void res.send(PLAIN)],
    ['write and end', (res: Response) => void res.type('html').write(PLAIN, () => res.end())],
  ])('overrides caching headers that contact sets (%s)', async (_how, answer) => {
    const app = express();
    const contact = (req: Request) => {
      req.res!.set(PUBLIC);
      return ADA;
    };
    app.use(chat({ contact }), (_req, res) => answer(res));
    const { headers } = await serving(http.createServer(app), (url) => ask(url));
    expect(headers).toMatchObject({ 'cache-control': 'private, no-store' });
    for (const name of REMOVED) expect(headers).not.toHaveProperty(name);
  });

  test.each([
    ['by status and end', (res: Response) => void res.type('html').status(304).end()],
    ['by status and send', (res: Response) => void res.status(304).send(PLAIN)],
    ['by writeHead', (res: Response) => void res.writeHead(304, { 'Content-Type': 'text/html' }).end()],
  ])("sends the app's 304 response unchanged (%s)", async (_how, answer) => {
    const unchanged: RequestHandler = (_req, res) => answer(res.set(PUBLIC));
    const alone = await serving(http.createServer(express().use(unchanged)), (url) => ask(url));
    const ours = await serving(http.createServer(express().use(chat(), unchanged)), (url) => ask(url));
    expect(ours.status).toBe(304);
    expect({ ...ours.headers, date: '' }).toEqual({ ...alone.headers, date: '' });
  });

  test("makes req.fresh false, so no user gets 304 for another user's page", async () => {
    const app = express();
    app.use(chat(), (req, res) => {
      res.set(PUBLIC).vary('*');
      if (req.fresh) res.status(304).end();
      else res.send(PLAIN);
    });
    const headers = {
      'If-None-Match': PUBLIC.ETag,
      'If-Modified-Since': PUBLIC['Last-Modified'],
    };
    for (const method of ['GET', 'HEAD']) {
      const answer = await serving(http.createServer(app), (url) => ask(url, { method, headers }));
      expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'private, no-store']);
      for (const name of REMOVED) expect(answer.headers).not.toHaveProperty(name);
    }
  });

  test('overrides caching headers that inner middleware sets in end()', async () => {
    const below: RequestHandler = (_req, res, next) => {
      const { end } = res;
      res.end = ((...args: Parameters<typeof end>) => {
        for (const [name, value] of Object.entries({ ...PUBLIC, 'X-Cost': '1' })) res.setHeader(name, value);
        return end.apply(res, args);
      }) as typeof end;
      next();
    };
    const app = express();
    app.use(below, chat());
    app.use(pages);
    await expectUncacheable(http.createServer(app));
    const { headers } = await serving(http.createServer(app), (url) => ask(`${url}/chatwoot/identity`));
    expect(headers['x-cost']).toBe('1');
  });

  test("does not change the app's caching headers with inject: true, which embeds no identity", async () => {
    const app = express();
    app.use(onHeadersRule, chat({ inject: true }), (_req, res) => void res.send(PLAIN));
    const { headers } = await serving(http.createServer(app), (url) => ask(url));
    expect(headers['cache-control']).toBe(PUBLIC['Cache-Control']);
  });
});

test.each([
  ['a synchronous contact', () => ADA],
  ['an asynchronous contact', async () => ADA],
])(
  'Koa middleware overrides caching headers that outer middleware sets on a page with an identity (%s)',
  async (_name, contact) => {
    const app = new Koa();
    const outside: Middleware = async (ctx, next) => {
      await next();
      ctx.set(PUBLIC);
    };
    app.use(outside);
    app.use(koaIdentity({ inbox: INBOX, contact, inject: 'inline' }));
    app.use(async (ctx) => {
      const chat = ctx.path === '/placed' ? await ctx.state.chatwootIdentity!() : '';
      ctx.body = PLAIN.replace('</h1>', `</h1>${chat}`);
    });
    await expectUncacheable(http.createServer(app.callback()));
  },
);
