import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { type ChatwootIdentityOptions, chatwootIdentity } from '@chatwoot-identity/koa';
import koa3, { type Middleware } from 'koa';
import compress from 'koa-compress';
import helmet from 'koa-helmet';
import mount from 'koa-mount';
import { describe, expect, test, vi } from 'vitest';
import { ADA } from '../../../test/support/ada.js';
import { ask, serving } from '../../../test/support/http.js';
import { INBOX } from '../../../test/support/inbox.js';
import { type App, appOf, chat, serve, versions } from '../../../test/support/koa-app.js';
import { findMarkup, PLAIN } from '../../../test/support/markup.js';

const page: Middleware = (ctx) => {
  ctx.body = PLAIN;
};
const piped: Middleware = (ctx) => {
  ctx.type = 'html';
  ctx.body = Readable.from([PLAIN]);
};

describe.each(versions)('%s', (_version, Koa) => {
  describe('a template that inserts the chat itself', () => {
    test.each<[string, Partial<ChatwootIdentityOptions>, Middleware]>([
      [
        'a page in a string',
        {},
        async (ctx) => {
          ctx.body = PLAIN.replace('</h1>', `</h1>${ctx.state.chatwootIdentity!()}`);
        },
      ],
      [
        'a page in a string, with an asynchronous contact',
        { contact: async () => ADA },
        async (ctx) => {
          ctx.body = PLAIN.replace('</h1>', `</h1>${await ctx.state.chatwootIdentity!()}`);
        },
      ],
      [
        'a streamed page',
        {},
        async (ctx) => {
          ctx.type = 'html';
          ctx.body = Readable.from([PLAIN.replace('</h1>', `</h1>${ctx.state.chatwootIdentity!()}`)]);
        },
      ],
    ])(
      '%s: the chat is not injected again, and the page is sent with no-store',
      async (_name, options, app) => {
        const answer = await serve(
          appOf(Koa, chat(options), async (ctx, next) => {
            await app(ctx, next);
            ctx.set('Cache-Control', 'public, max-age=60');
            ctx.set('ETag', '"app"');
          }),
        );
        const found = findMarkup(answer.body);
        expect(found?.without.toString()).toBe(PLAIN);
        expect(findMarkup(found!.without)).toBeUndefined();
        expect(answer.headers['cache-control']).toBe('private, no-store');
        expect(answer.headers).not.toHaveProperty('etag');
      },
    );

    test('the markup in a JSON response contains no identity, and the app sets Cache-Control', async () => {
      const answer = await serve(
        appOf(Koa, chat(), (ctx) => {
          ctx.body = { html: ctx.state.chatwootIdentity!() };
          ctx.set('Cache-Control', 'public, max-age=60');
        }),
        '/',
        { headers: { accept: 'application/json', 'sec-fetch-dest': 'empty' } },
      );
      expect(answer.headers['cache-control']).toBe('public, max-age=60');
      expect(JSON.parse(answer.body.toString()).html).toContain('id="chatwoot-identity"');
      expect(JSON.parse(answer.body.toString()).html).not.toContain(ADA.identifier);
    });

    test('ctx.state.chatwootIdentity is undefined without inject', async () => {
      const answer = await serve(
        appOf(Koa, chat({ inject: undefined }), (ctx) => {
          ctx.body = `<!doctype html>${typeof ctx.state.chatwootIdentity}`;
        }),
      );
      expect(answer.body.toString()).toBe('<!doctype html>undefined');
    });
  });

  describe('compression', () => {
    const text = PLAIN.replace('Hello', 'Hello '.repeat(2000));
    const bodies: [string, Middleware][] = [
      [
        'a string',
        (ctx) => {
          ctx.body = text;
        },
      ],
      [
        'a stream',
        (ctx) => {
          ctx.type = 'html';
          ctx.body = Readable.from([text.slice(0, 5000), text.slice(5000)]);
        },
      ],
    ];
    const gzip = { headers: { accept: 'text/html', 'accept-encoding': 'gzip' } };

    test.each(bodies)(
      'koa-compress mounted before the middleware compresses %s with the chat',
      async (_name, body) => {
        for (const contact of [() => ADA, async () => ADA]) {
          const answer = await serve(appOf(Koa, compress(), chat({ contact }), body), '/', gzip);
          expect(answer.headers['content-encoding']).toBe('gzip');
          expect(answer.headers['cache-control']).toBe('private, no-store');
          expect(findMarkup(gunzipSync(answer.body))?.without.toString()).toBe(text);
        }
      },
    );

    test.each(bodies)(
      'koa-compress mounted after the middleware compresses %s without the chat',
      async (_name, body) => {
        const answer = await serve(appOf(Koa, chat(), compress(), body), '/', gzip);
        expect(answer.headers['content-encoding']).toBe('gzip');
        expect(gunzipSync(answer.body).toString()).toBe(text);
      },
    );

    test('koa-compress mounted after the middleware compresses a page whose template inserts the chat', async () => {
      const body: Middleware = (ctx) => {
        ctx.body = text.replace('</body>', `${ctx.state.chatwootIdentity!()}</body>`);
      };
      const answer = await serve(appOf(Koa, chat(), compress(), body), '/', gzip);
      expect(findMarkup(gunzipSync(answer.body))?.without.toString()).toBe(text);
      expect(answer.headers['cache-control']).toBe('private, no-store');
    });
  });

  describe('Content-Security-Policy', () => {
    const nonces = (body: Buffer) =>
      Array.from(body.toString().matchAll(/ nonce="([^"]*)"/g), (match) => match[1]);

    test.each([
      ['before', [helmet(), chat()]],
      ['after', [chat(), helmet()]],
    ])('works with the default policy of koa-helmet mounted %s the middleware', async (_where, handlers) => {
      const { body } = await serve(appOf(Koa, ...handlers, page));
      expect(findMarkup(body)).toBeDefined();
      expect(nonces(body)).toEqual([]);
      expect(body.toString()).not.toMatch(/<script(?! type="application\/json"| src="\/)/);
    });

    test.each<[string, string, Middleware[]]>([
      [
        'the policy of koa-helmet',
        'r4nd0m+/A==',
        [
          helmet({ contentSecurityPolicy: { directives: { scriptSrc: ["'self'", "'nonce-r4nd0m+/A=='"] } } }),
          chat(),
        ],
      ],
      [
        'ctx.state.cspNonce',
        'bG9jYWxz',
        [
          (ctx, next) => {
            ctx.state.cspNonce = 'bG9jYWxz';
            return next();
          },
          chat(),
        ],
      ],
      [
        'the nonce option',
        'base64url_-',
        [chat({ inject: { mode: 'inline', nonce: (ctx) => ctx.state.nonce ?? 'base64url_-' } })],
      ],
    ])('uses a nonce from %s', async (_name, nonce, handlers) => {
      for (const body of [page, piped]) {
        expect(nonces((await serve(appOf(Koa, ...handlers, body))).body)).toEqual([nonce, nonce, nonce]);
      }
    });
  });

  describe('errors', () => {
    const failing: [string, Partial<ChatwootIdentityOptions>][] = [
      ['a contact function that throws', { contact: () => fail() }],
      ['a contact function that rejects', { contact: async () => fail() }],
      ['a contact without an identifier', { contact: () => ({ name: 'Ada' }) as never }],
      ['an inbox function that rejects', { inbox: async () => fail() }],
    ];

    function fail(): never {
      throw Object.assign(new Error('no route to database-7.internal'), { code: 'EHOSTUNREACH' });
    }

    test.each(failing)(
      'with %s, the endpoint responds with 500 and reports the error once to the app and to onError',
      async (_name, options) => {
        const onError = vi.fn();
        const app = appOf(Koa, chat({ onError, ...options }));
        const answer = await serve(app, '/chatwoot/identity');
        expect([answer.status, answer.body.toString()]).toEqual([500, 'Internal Server Error']);
        expect(app.errors).toHaveLength(1);
        expect(onError).toHaveBeenCalledTimes(1);
        expect(onError).toHaveBeenCalledWith(
          app.errors[0],
          expect.objectContaining({ path: '/chatwoot/identity' }),
        );
      },
    );

    test.each(failing.slice(0, 3))(
      'with %s, sends the page without an identity and calls onError once',
      async (_name, options) => {
        for (const body of [page, piped]) {
          const onError = vi.fn();
          const app = appOf(Koa, chat({ onError, ...options }), body);
          const found = findMarkup((await serve(app)).body);
          expect(found?.without.toString()).toBe(PLAIN);
          expect(found?.data).not.toHaveProperty('identity');
          expect(onError).toHaveBeenCalledTimes(1);
          expect(app.errors).toEqual([]);
        }
      },
    );

    test.each<[string, Partial<ChatwootIdentityOptions>]>([
      ...failing.slice(3),
      ['a skip function that throws', { inject: { mode: 'inline', skip: fail } }],
      ['a nonce function that throws', { inject: { mode: 'inline', nonce: fail } }],
    ])('with %s, sends the page without a chat and calls onError once', async (_name, options) => {
      for (const body of [page, piped]) {
        const onError = vi.fn();
        const app = appOf(Koa, chat({ onError, ...options }), body);
        const answer = await serve(app);
        expect([answer.status, answer.body.toString()]).toEqual([200, PLAIN]);
        expect(onError).toHaveBeenCalledTimes(1);
        expect(app.errors).toEqual([]);
      }
    });

    test('leaves errors of inner middleware to Koa, which sends their status and headers and reports them once', async () => {
      for (const [status, message, text] of [
        [404, 'No such page', 'No such page'],
        [503, 'database-7 is down', 'Service Unavailable'],
      ] as const) {
        const app = appOf(Koa, chat(), (ctx) =>
          ctx.throw(status, message, { headers: { 'Retry-After': '1' } }),
        );
        const answer = await serve(app);
        expect([answer.status, answer.body.toString()]).toEqual([status, text]);
        expect(answer.headers['retry-after']).toBe('1');
        expect(app.errors.map(String)).toEqual([expect.stringContaining(message)]);
      }
    });

    const pretty: Middleware = async (ctx, next) => {
      try {
        await next();
      } catch (error) {
        ctx.status = (error as { status: number }).status;
        ctx.set('Cache-Control', 'public, max-age=5');
        ctx.body = PLAIN;
      }
    };

    test('does not change an error page from outer middleware', async () => {
      const app = appOf(Koa, pretty, chat(), (ctx) => ctx.throw(404));
      const answer = await serve(app);
      expect([answer.status, answer.body.toString()]).toEqual([404, PLAIN]);
      expect(answer.headers['cache-control']).toBe('public, max-age=5');
      expect(app.errors).toEqual([]);
    });

    test('injects the chat into an error page from inner middleware', async () => {
      const answer = await serve(appOf(Koa, chat(), pretty, (ctx) => ctx.throw(404)));
      expect(answer.status).toBe(404);
      expect(answer.headers['cache-control']).toBe('private, no-store');
      expect(findMarkup(answer.body)?.without.toString()).toBe(PLAIN);
    });

    test('throws an error that explains the fix if app.use receives chatwootIdentity itself', async () => {
      const app = appOf(Koa, chatwootIdentity as unknown as Middleware, page);
      expect((await serve(app)).status).toBe(500);
      expect(app.errors[0]?.message).toContain('Call chatwootIdentity');
    });
  });

  describe('mount paths', () => {
    /** Requests a page, then the URLs of the endpoint and the script in that page. Returns the endpoint's URL. */
    async function follow({ server }: App, path: string): Promise<unknown> {
      return serving(server, async (url) => {
        const { body } = await ask(url + path);
        const identity = String(findMarkup(body)!.data.identity_url);
        const script = /src="([^"]+)"/.exec(body.toString())![1]!;
        for (const named of [identity, script]) expect((await ask(url + named)).status, named).toBe(200);
        expect(script.replace(/widget-[\w-]+\.js$/, 'identity')).toBe(identity);
        return identity;
      });
    }
    const sub = (...middlewares: Middleware[]) => {
      const app = new Koa();
      for (const middleware of middlewares) app.use(middleware);
      return app;
    };

    const rewrite =
      (path: string): Middleware =>
      (ctx, next) => {
        if (ctx.path === path) ctx.path = '/';
        return next();
      };

    test.each<[string, Middleware[], string, string]>([
      ['mounted at the root', [chat(), page], '/any/page?a=/b', '/chatwoot/identity'],
      ['mounted with koa-mount', [mount('/shop', chat()), page], '/shop/page', '/shop/chatwoot/identity'],
      [
        'mounted with koa-mount, for a page at the mount path',
        [mount('/shop', chat()), page],
        '/shop',
        '/shop/chatwoot/identity',
      ],
      [
        'mounted with koa-mount, for a page at the mount path with a trailing slash',
        [mount('/shop', chat()), page],
        '/shop/?q=1',
        '/shop/chatwoot/identity',
      ],
      [
        'mounted in an app that is mounted in another app',
        [mount('/a', sub(mount('/b', sub(chat(), page))))],
        '/a/b/page',
        '/a/b/chatwoot/identity',
      ],
      [
        'mounted in a nested app, for a page at the mount path of that app',
        [mount('/a', sub(mount('/b', sub(chat(), page))))],
        '/a/b',
        '/a/b/chatwoot/identity',
      ],
      [
        'mounted after a koa-mount middleware that leaves ctx.mountPath set',
        [mount('/shop', (_ctx, next) => next()), chat(), page],
        '/shop/page',
        '/chatwoot/identity',
      ],
      [
        'mounted after middleware that rewrites the path',
        [rewrite('/home'), chat(), page],
        '/home',
        '/chatwoot/identity',
      ],
      [
        'mounted after a koa-mount middleware and middleware that rewrites the path',
        [mount('/shop', (_ctx, next) => next()), rewrite('/shop/home'), chat(), page],
        '/shop/home',
        '/chatwoot/identity',
      ],
      [
        'mounted with koa-mount and the path option',
        [mount('/shop', chat({ path: '/me/chat' })), page],
        '/shop/x',
        '/shop/me/chat',
      ],
    ])(
      'the page links to the endpoint and the script if the middleware is %s',
      async (_name, middlewares, path, identity) => {
        if (identity.endsWith('/me/chat')) {
          const { body } = await serve(appOf(Koa, ...middlewares), path);
          expect(findMarkup(body)?.data.identity_url).toBe(identity);
          expect(body.toString()).toMatch(/src="\/shop\/me\/widget-/);
        } else expect(await follow(appOf(Koa, ...middlewares), path)).toBe(identity);
      },
    );

    test('does not link to another host if the request path starts with two slashes', async () => {
      const { body } = await serve(appOf(Koa, chat(), page), '//evil.example/page');
      expect(findMarkup(body)?.data.identity_url).toBe('/chatwoot/identity');
    });

    test('leaves a page unchanged if skip returns true, and puts the settings into other pages', async () => {
      const inject = {
        mode: 'inline' as const,
        skip: (ctx: koa3.Context) => ctx.path === '/print',
        settings: { locale: 'de' },
      };
      const app = () => appOf(Koa, chat({ inject }), page);
      expect((await serve(app(), '/print')).body.toString()).toBe(PLAIN);
      expect(findMarkup((await serve(app(), '/')).body)?.data.settings).toEqual({ locale: 'de' });
    });
  });

  test('inject: true adds no identity to the page and preserves its caching headers', async () => {
    const contact = vi.fn(() => ADA);
    const answer = await serve(
      appOf(Koa, chat({ contact, inject: true }), (ctx) => {
        ctx.set('Cache-Control', 'public, max-age=60');
        ctx.etag = 'app';
        ctx.body = PLAIN;
      }),
    );
    expect(findMarkup(answer.body)!.data).not.toHaveProperty('identity');
    expect(answer.headers).toMatchObject({
      'cache-control': 'public, max-age=60',
      etag: expect.stringMatching(/^"app-cw[0-9a-f]{8}"$/),
    });
    expect(contact).not.toHaveBeenCalled();
  });
});

test('a pending stream does not delay other requests', async () => {
  const source = new PassThrough();
  const { server } = appOf(koa3, chat(), (ctx) => {
    ctx.type = 'html';
    ctx.body = ctx.path === '/late' ? source : PLAIN;
  });
  await serving(server, async (url) => {
    const late = ask(`${url}/late`);
    await once(server, 'request');
    expect(findMarkup((await ask(url)).body)).toBeDefined();
    source.end(PLAIN);
    expect(findMarkup((await late).body)).toBeDefined();
  });
});

test('checks the same options as the Express middleware at start-up', () => {
  expect(() => chatwootIdentity({ inbox: INBOX, contact: () => ADA, allowedorigins: [] } as never)).toThrow(
    'chatwootIdentity has no option "allowedorigins". Write "allowedOrigins".',
  );
  expect(() => chatwootIdentity({ inbox: INBOX } as never)).toThrow('contact must be a function');
  expect(() => chatwootIdentity({ inbox: INBOX, contact: () => ADA, inject: 'true' } as never)).toThrow(
    "inject must be true (the page fetches the identity), 'inline' (the page contains the identity) or an object with: mode, anonymous, settings, nonce, skip.",
  );
});
