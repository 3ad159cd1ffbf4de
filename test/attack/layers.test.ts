import { AsyncLocalStorage } from 'node:async_hooks';
import http from 'node:http';
import { type ChatwootIdentityOptions, chatwootIdentity } from '@chatwoot-identity/express';
import { chatwootIdentity as koaIdentity } from '@chatwoot-identity/koa';
import compression from 'compression';
import express5, { type RequestHandler } from 'express';
import session from 'express-session';
import express4 from 'express4';
import koa3, { type Middleware } from 'koa';
import conditional from 'koa-conditional-get';
import mount from 'koa-mount';
import koa2 from 'koa2';
import { describe, expect, test } from 'vitest';
import { ADA } from '../support/ada.js';
import { type Answer, ask, NAVIGATION, serving } from '../support/http.js';
import { INBOX } from '../support/inbox.js';
import { findMarkup, PLAIN } from '../support/markup.js';
import { FETCH, FRAMEWORKS } from './frameworks.js';

type Saved = express5.Response & { saved: { end(body: string): void; write(body: string): boolean } };

const chats = ({ body }: Answer) => body.toString().split('id="chatwoot-identity"').length - 1;

describe.each([...FRAMEWORKS, FETCH])('%s', (_name, build) => {
  test("removes the suffix from the page's entity tag in the If-Match header of a PUT request", async () => {
    const app = build({
      inject: true,
      respond: ({ method, headers }) =>
        method === 'GET'
          ? { headers: { etag: '"v1"' }, body: PLAIN }
          : { status: headers['if-match'] === '"v1"' ? 204 : 412 },
    });
    await serving(app, async (url) => {
      const { etag } = (await ask(url, { headers: NAVIGATION })).headers;
      expect((await ask(url, { method: 'PUT', headers: { 'if-match': etag } })).status).toBe(204);
      expect((await ask(url, { method: 'PUT', headers: { 'if-match': '"v0"' } })).status).toBe(412);
    });
  });

  test('removes the validators of a page with a nonce, because a 304 response would have a different nonce', async () => {
    const policy = "script-src 'nonce-N1' 'strict-dynamic'";
    const app = build({
      inject: true,
      respond: () => ({ headers: { etag: '"v1"', 'content-security-policy': policy }, body: PLAIN }),
    });
    const answer = await serving(app, (url) => ask(url, { headers: NAVIGATION }));
    expect([chats(answer), answer.headers.etag]).toEqual([1, undefined]);
  });

  test('passes an error to onError if the inject.nonce function returns a rejected promise', async () => {
    const reported: unknown[] = [];
    const nonce = (() => Promise.reject(new Error('no nonce'))) as never;
    const app = build({
      inject: { nonce },
      onError: (error) => reported.push(error),
      respond: () => ({ body: PLAIN }),
    });
    const { body } = await serving(app, (url) => ask(url, { headers: NAVIGATION }));
    expect(body.toString()).toBe(PLAIN);
    expect(reported).toEqual([
      expect.objectContaining({ message: expect.stringContaining('must be synchronous') }),
    ]);
  });

  test('ignores X-Forwarded-Host in the address of the script on a page with <base href>', async () => {
    const html = PLAIN.replace('<head>', '<head><base href="https://cdn.example.com/">');
    const app = build({ inject: true, respond: () => ({ body: html }) });
    const headers = { ...NAVIGATION, host: 'shop.example.com', 'x-forwarded-host': 'evil.example' };
    const { body } = await serving(app, (url) => ask(url, { headers }));
    expect(body.toString()).toContain('<script src="//shop.example.com/chatwoot/widget-');
  });
});

describe.each([
  ['Express 5', express5],
  ['Express 4', express4 as unknown as typeof express5],
])('%s', (_name, express) => {
  const serve = (handlers: RequestHandler[], headers: http.OutgoingHttpHeaders = NAVIGATION) =>
    serving(http.createServer(express().use(handlers)), (url) => ask(url, { headers }));
  const chat = (options: Partial<ChatwootIdentityOptions> = {}) =>
    chatwootIdentity({ inbox: INBOX, contact: () => ADA, inject: true, ...options });

  test.each([true, 'inline'] as const)(
    'hides the identity in a template from a cache mounted after the middleware (inject: %j)',
    async (inject) => {
      const seen: unknown[] = [];
      const cache: RequestHandler = (_req, res, next) => {
        const { send } = res;
        res.send = (body) => {
          seen.push(body);
          return send.call(res, body);
        };
        next();
      };
      const page: RequestHandler = (_req, res) => {
        res.send(PLAIN.replace('</body>', `${res.locals.chatwootIdentity!()}</body>`));
      };
      const answer = await serve([chat({ inject }), cache, page]);
      expect(chats(answer)).toBe(1);
      expect(String(seen)).not.toContain(ADA.identifier);
    },
  );

  test.each([true, 'inline'] as const)(
    'does not inject a second chat if a streaming template renders the chat (inject: %j)',
    async (inject) => {
      const page: RequestHandler = (_req, res) => {
        res.type('html').write('<!doctype html><body>');
        res.write(res.locals.chatwootIdentity!());
        res.end('</body></html>');
      };
      expect(chats(await serve([chat({ inject }), page]))).toBe(1);
    },
  );

  test('sends the original bytes of a buffer that the app overwrites in the callback of write()', async () => {
    const page: RequestHandler = (_req, res) => {
      const buffer = Buffer.from(PLAIN);
      res.type('html').write(buffer, () => {
        buffer.fill('Z');
        res.end();
      });
    };
    const { body } = await serve([chat(), page]);
    expect(findMarkup(body)?.without.toString()).toBe(PLAIN);
  });

  test.each([true, 'inline'] as const)(
    'injects the chat if a session middleware mounted later saves the session before the body is sent (inject: %s)',
    async (inject) => {
      const later = session({ secret: 'a secret of the test', resave: false, saveUninitialized: true });
      const page: RequestHandler = (_req, res) => void res.send(PLAIN);
      const answer = await serve([chat({ inject }), later, page]);
      expect(answer.headers['set-cookie']).toHaveLength(1);
      expect(findMarkup(answer.body)?.without.toString()).toBe(PLAIN);
    },
  );

  test('completes the response if earlier middleware calls a saved end() after the app has called writeHead()', async () => {
    let timeOut: () => void = () => {};
    const watchdog: RequestHandler = (_req, res, next) => {
      const end = res.end.bind(res) as (body: string) => void;
      timeOut = () => end(PLAIN);
      next();
    };
    const page: RequestHandler = (_req, res) => {
      res.writeHead(200, { 'Content-Type': 'text/html' });
      timeOut();
    };
    const answer = await serve([watchdog, chat(), page]);
    expect([answer.status, answer.body.toString()]).toEqual([200, PLAIN]);
  });

  /** Middleware that adds a header in `writeHead`. It passes several arguments even if Node passed only the status. */
  const addsHeader: RequestHandler = (_req, res, next) => {
    const writeHead = res.writeHead.bind(res) as (status: number, headers: object) => typeof res;
    res.writeHead = (status: number) => writeHead(status, { 'x-added': '1' });
    next();
  };

  test.each<[string, (res: Saved) => void]>([
    ['end() with the page', (res) => res.saved.end(PLAIN)],
    ['write() with the page', (res) => res.saved.write(PLAIN) && res.end()],
    ['flushHeaders()', (res) => res.flushHeaders() ?? res.end(PLAIN)],
  ])(
    'sends the headers before the body if later middleware changes writeHead, and the app calls a saved %s',
    async (_call, send) => {
      const saves: RequestHandler = (_req, res, next) => {
        Object.assign(res, { saved: { end: res.end.bind(res), write: res.write.bind(res) } });
        next();
      };
      const page: RequestHandler = (_req, res) => send(res.type('html') as Saved);
      const answer = await serve([saves, chat(), addsHeader, page]);
      expect([answer.status, answer.headers['x-added']]).toEqual([200, '1']);
      expect((findMarkup(answer.body)?.without ?? answer.body).toString()).toBe(PLAIN);
    },
  );

  test.each<[string, RequestHandler]>([
    ['compression', compression()],
    ['express-session', session({ secret: 'a secret of the test', resave: false, saveUninitialized: false })],
  ])('does not change the caching of a fragment if %s is mounted later', async (_name, later) => {
    const fragment: RequestHandler = (_req, res) => {
      res.writeHead(200, { 'Content-Type': 'text/html', 'Cache-Control': 'public', ETag: '"f"' });
      res.end('<li>one</li>');
    };
    const answer = await serve([chat({ inject: 'inline' }), later, fragment]);
    expect(answer.body.toString()).toBe('<li>one</li>');
    expect(answer.headers).toMatchObject({ 'cache-control': 'public', etag: '"f"' });
  });

  test('does not inject the chat into the error response after writeHead() has thrown an exception', async () => {
    const below: RequestHandler = (_req, res, next) => {
      const { writeHead } = res;
      res.writeHead = () => {
        res.writeHead = writeHead;
        throw new Error('no header');
      };
      next();
    };
    const page: RequestHandler = (_req, res) => {
      try {
        res.type('html').flushHeaders();
      } catch {
        res.status(500).type('text').send('<!doctype html> failed');
      }
    };
    const answer = await serve([below, chat({ inject: 'inline' }), page]);
    expect([answer.status, answer.body.toString()]).toEqual([500, '<!doctype html> failed']);
  });

  test('does not inject the chat into a JSON error response after write() has thrown an exception', async () => {
    const below: RequestHandler = (_req, res, next) => {
      res.write = () => {
        throw new Error('no disk');
      };
      next();
    };
    const page: RequestHandler = (_req, res) => {
      try {
        res.type('html').write('<!doctype html>');
      } catch {
        res.status(500).json({ error: 'no disk' });
      }
    };
    const answer = await serve([below, chat(), page]);
    expect([answer.status, JSON.parse(answer.body.toString())]).toEqual([500, { error: 'no disk' }]);
  });

  test('does not let a <base href> in a later chunk change the host of the script', async () => {
    const page: RequestHandler = (_req, res) => {
      res.type('html').write('<!doctype html><html><head>');
      res.end('<base href="https://cdn.example.com/"><body></body></html>');
    };
    const { body } = await serve([chat(), page], { ...NAVIGATION, host: 'shop.example.com' });
    expect(body.toString()).toContain('<script src="//shop.example.com/');
  });

  test('calls inject.nonce in the async context of the request', async () => {
    const nonces = new AsyncLocalStorage<string>();
    const scope: RequestHandler = (_req, _res, next) => nonces.run('abc', next);
    const page: RequestHandler = (_req, res) => {
      nonces.run('other', () => void res.send(PLAIN));
    };
    const inject = { nonce: () => nonces.getStore() };
    expect((await serve([scope, chat({ inject }), page])).body.toString()).toContain(' nonce="abc"');
  });

  test('responds as Node does to an unknown encoding in end() if the body is not a page', async () => {
    const page: RequestHandler = (_req, res) => {
      res.type('text/plain');
      (res.end as (...args: unknown[]) => void)('text', 'buffer');
    };
    const text = (handlers: RequestHandler[]) => serve(handlers).then(({ body }) => body.toString());
    expect(await text([chat(), page])).toBe(await text([page]));
  });
});

describe.each([
  ['Koa 3', koa3],
  ['Koa 2', koa2 as unknown as typeof koa3],
])('%s', (_name, Koa) => {
  const chat = (inject: true | 'inline' = true) => koaIdentity({ inbox: INBOX, contact: () => ADA, inject });
  const page: Middleware = (ctx) => {
    ctx.etag = 'v1';
    ctx.body = PLAIN;
  };
  const serverOf = (...middlewares: Middleware[]) => {
    const app = new Koa();
    for (const middleware of middlewares) app.use(middleware);
    return http.createServer(app.callback());
  };

  test('lets outer middleware replace the string body of a HEAD request, and sends the length of the whole page', async () => {
    const outside: Middleware = async (ctx, next) => {
      await next();
      ctx.body = (ctx.body as string).replace('Hello', 'Hallo');
    };
    await serving(serverOf(outside, chat(), page), async (url) => {
      const head = await ask(url, { method: 'HEAD', headers: NAVIGATION });
      const get = await ask(url, { headers: NAVIGATION });
      expect([head.status, head.headers['content-length']]).toEqual([200, get.headers['content-length']]);
    });
  });

  test.each<[string, (chat: Middleware) => Middleware]>([
    ['at the root', (chat) => chat],
    ['below a path', (chat) => mount('/shop', chat)],
  ])('injects one chat if the middleware is mounted twice, the second time %s', async (_where, inner) => {
    const server = serverOf(chat('inline'), inner(chat()), page);
    const answer = await serving(server, (url) => ask(`${url}/shop/page`, { headers: NAVIGATION }));
    expect(chats(answer)).toBe(1);
    expect(findMarkup(answer.body)?.data).not.toHaveProperty('identity');
  });

  test('lets koa-conditional-get in outer middleware respond with 304 to the current entity tag and 200 to others', async () => {
    const server = serverOf(conditional(), chat(), page);
    await serving(server, async (url) => {
      const { etag } = (await ask(url, { headers: NAVIGATION })).headers;
      const status = async (tag: string | undefined) =>
        (await ask(url, { headers: { ...NAVIGATION, 'if-none-match': tag } })).status;
      expect([await status(etag), await status('"v1"'), await status('*')]).toEqual([304, 200, 200]);
    });
  });
});
