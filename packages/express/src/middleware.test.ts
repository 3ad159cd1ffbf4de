import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ChatwootIdentityOptions } from '@chatwoot-identity/express';
import type { Express, RequestHandler } from 'express';
import helmet from 'helmet';
import { describe, expect, test, vi } from 'vitest';
import { ADA } from '../../../test/support/ada.js';
import { appOf, chat, serve, versions } from '../../../test/support/express-app.js';
import { ask, serving } from '../../../test/support/http.js';
import { INBOX } from '../../../test/support/inbox.js';
import { findMarkup, PLAIN } from '../../../test/support/markup.js';

describe.each(versions)('%s', (_version, express) => {
  const app = (...handlers: RequestHandler[]) => appOf(express, ...handlers);

  describe('HTML pages', () => {
    test('calls contact once for an HTML page and never for other responses', async () => {
      const contact = vi.fn(() => ADA);
      const web = app(chat({ contact }), (req, res) => {
        if (req.path === '/json') res.json({});
        else if (req.path === '/css') res.type('css').send('a{}');
        else res.send(PLAIN);
      });
      await serving(http.createServer(web), async (url) => {
        await ask(`${url}/json`);
        await ask(`${url}/css`);
        await ask(`${url}/`, { method: 'HEAD' });
        expect(contact).not.toHaveBeenCalled();
        await ask(`${url}/`);
        expect(contact).toHaveBeenCalledTimes(1);
      });
    });

    test('sends a null identity if contact returns null', async () => {
      const answer = await serve(app(chat({ contact: () => null }), (_req, res) => void res.send(PLAIN)));
      expect(findMarkup(answer.body)?.data).toMatchObject({
        identity: null,
        identity_url: '/chatwoot/identity',
      });
    });

    test.each<[string, Partial<ChatwootIdentityOptions>]>([
      [
        'a contact function that throws',
        {
          contact: () => {
            throw new Error('no database');
          },
        },
      ],
      ['a contact function that rejects', { contact: () => Promise.reject(new Error('no database')) }],
      ['a contact without an identifier', { contact: () => ({ name: 'Ada' }) as never }],
    ])('with %s, sends the page without an identity and calls onError once', async (_name, options) => {
      const onError = vi.fn();
      const answer = await serve(app(chat({ onError, ...options }), (_req, res) => void res.send(PLAIN)));
      expect(answer.status).toBe(200);
      const found = findMarkup(answer.body);
      expect(found?.without.toString()).toBe(PLAIN);
      expect(found?.data).not.toHaveProperty('identity');
      expect(onError).toHaveBeenCalledTimes(1);
      expect(onError.mock.calls[0]![0]).toBeInstanceOf(Error);
    });

    test.each<[string, Partial<ChatwootIdentityOptions>]>([
      [
        'an inbox function that throws',
        {
          inbox: () => {
            throw new Error('no database');
          },
        },
      ],
      ['an inbox function that finds no inbox', { inbox: async () => undefined as never }],
      [
        'a skip function that throws',
        {
          inject: {
            mode: 'inline',
            skip: () => {
              throw new Error('no route');
            },
          },
        },
      ],
      [
        'a nonce function that throws',
        {
          inject: {
            mode: 'inline',
            nonce: () => {
              throw new Error('no nonce');
            },
          },
        },
      ],
    ])('with %s, sends the page without a chat and calls onError once', async (_name, options) => {
      const onError = vi.fn();
      const answer = await serve(app(chat({ onError, ...options }), (_req, res) => void res.send(PLAIN)));
      expect(answer.status).toBe(200);
      expect(answer.body.toString()).toBe(PLAIN);
      expect(onError).toHaveBeenCalledTimes(1);
      expect(onError.mock.calls[0]![0]).toBeInstanceOf(Error);
    });

    test('sends the page even if onError rejects', async () => {
      const log = vi.spyOn(console, 'error').mockImplementation(() => {});
      const onError = async () => Promise.reject(new Error('no logger'));
      const contact = () => {
        throw new Error('no database');
      };
      const answer = await serve(app(chat({ contact, onError }), (_req, res) => void res.send(PLAIN)));
      expect(findMarkup(answer.body)?.without.toString()).toBe(PLAIN);
      expect(log).toHaveBeenCalledWith('chatwoot-identity: onError failed.', expect.any(Error));
      log.mockRestore();
    });

    test('does not inject the chat into a page that already contains it, and sends that page with no-store', async () => {
      const answer = await serve(
        app(chat({ contact: async () => ADA }), async (_req, res) => {
          const markup = await res.locals.chatwootIdentity!();
          res.send(PLAIN.replace('</h1>', `</h1>${markup}`));
        }),
      );
      const found = findMarkup(answer.body);
      expect(found?.without.toString()).toBe(PLAIN);
      expect(findMarkup(found!.without)).toBeUndefined();
      expect(answer.headers['cache-control']).toBe('private, no-store');
      expect(answer.headers).not.toHaveProperty('etag');
    });

    test('injects the chat into a page from res.render unless the template inserts it', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'views-'));
      const views: Record<string, string> = {
        plain: PLAIN,
        placed: PLAIN.replace('<h1>', '<%- chatwootIdentity() %><h1>'),
      };
      for (const [name, view] of Object.entries(views)) await writeFile(join(folder, `${name}.html`), view);
      try {
        const web = app(chat(), (req, res) => res.render(req.path.slice(1)));
        web.set('views', folder).set('view engine', 'html');
        // A minimal template engine. Express merges res.locals into the options, so a view can call functions of
        // res.locals.
        web.engine('html', (path, options, done) => {
          const { chatwootIdentity } = options as { chatwootIdentity(): string };
          readFile(path, 'utf8').then(
            (view) =>
              done(
                null,
                view.replace('<%- chatwootIdentity() %>', () => chatwootIdentity()),
              ),
            done,
          );
        });
        await serving(http.createServer(web), async (url) => {
          for (const name of Object.keys(views)) {
            const { status, headers, body } = await ask(`${url}/${name}`);
            const found = findMarkup(body);
            expect([status, headers['cache-control'], headers.etag]).toEqual([
              200,
              'private, no-store',
              undefined,
            ]);
            if (name === 'plain') expect(found?.data.identity).toMatchObject(ADA);
            else expect(found?.data).not.toHaveProperty('identity');
            expect(found!.without.toString()).toBe(PLAIN);
            expect(found!.at).toBe(PLAIN.indexOf(name === 'placed' ? '<h1>' : '</body>'));
            expect(headers['content-length']).toBe(String(body.length));
          }
        });
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    test('sends no-store and no identity with a fragment that contains the chat', async () => {
      const answer = await serve(
        app(chat(), (_req, res) => void res.send(`<div>${res.locals.chatwootIdentity!()}</div>`)),
        '/',
        { headers: { accept: '*/*', 'sec-fetch-dest': 'empty' } },
      );
      expect(findMarkup(answer.body)?.data).not.toHaveProperty('identity');
      expect(answer.headers['cache-control']).toBe('private, no-store');
      expect(answer.headers).not.toHaveProperty('etag');
    });

    test('leaves a page unchanged if skip returns true', async () => {
      const web = app(
        chat({ inject: { mode: 'inline', skip: (req) => req.path === '/print' } }),
        (_req, res) => void res.send(PLAIN),
      );
      expect((await serve(web, '/print')).body.toString()).toBe(PLAIN);
      expect(findMarkup((await serve(web, '/')).body)).toBeDefined();
    });

    test('passes the settings, the anonymous option and the mount path to the page', async () => {
      const web = express();
      web.use(
        '/shop',
        chat({
          path: '/hilfe/wer',
          inject: { mode: 'inline', anonymous: 'hide', settings: { darkMode: 'auto' } },
        }),
      );
      web.get('/shop/page', (_req, res) => void res.send(PLAIN));
      await serving(http.createServer(web), async (url) => {
        const { body } = await ask(`${url}/shop/page`);
        const { data } = findMarkup(body)!;
        expect(data).toMatchObject({
          anonymous: 'hide',
          settings: { darkMode: 'auto' },
          identity_url: '/shop/hilfe/wer',
        });
        expect((await ask(url + data.identity_url)).status).toBe(200);
        const script = /src="([^"]+)"/.exec(body.toString())![1]!;
        expect(script).toMatch(/^\/shop\/hilfe\/widget-[\w-]+\.js$/);
        expect((await ask(url + script)).status).toBe(200);
      });
    });

    test('escapes HTML that the request URL puts into the mount path', async () => {
      const web = express();
      web.use('/:tenant', chat());
      web.use((_req, res) => void res.send(PLAIN));
      const answer = await serve(web, '/%22%3E%3Cscript%3Ealert(1)/page');
      expect(answer.body.toString()).not.toContain('alert(1)</script>');
      expect(findMarkup(answer.body)).toBeDefined();
    });
  });

  describe('nested apps, each with its own response prototype', () => {
    const page: RequestHandler = (_req, res) => void res.send(PLAIN);

    async function expectChat(app: Express, path = '/') {
      const answer = await serve(app, path);
      expect(findMarkup(answer.body)?.without.toString(), path).toBe(PLAIN);
    }

    test('injects the chat into the page of an app that is called as a function, as vhost does', async () => {
      const shop = app(page);
      await expectChat(app(chat(), (req, res, next) => shop(req, res, next)));
    });

    test('injects the chat into the pages of two apps that mount the same sub-app', async () => {
      const shared = app(chat());
      await serve(shared);
      const [one, two] = [app(shared, page), app(shared, page)];
      await expectChat(two);
      await expectChat(one);
    });

    test.each(['before', 'after'])(
      'calls the response methods that a mounted app patches %s the first request',
      async (when) => {
        const shop = express();
        const patched: string[] = [];
        const patch = () => {
          for (const method of ['write', 'end'] as const) {
            const below = http.ServerResponse.prototype[method];
            Object.assign(shop.response, {
              [method](...args: unknown[]) {
                patched.push(method);
                return Reflect.apply(below, this, args);
              },
            });
          }
        };
        shop.get('/send', page);
        shop.get('/end', (_req, res) => void res.type('html').end(PLAIN));
        shop.get('/write', (_req, res) => void res.type('html').write(PLAIN, () => res.end()));
        const outside = app(chat(), shop);
        if (when === 'after') await serve(outside);
        patch();
        for (const path of ['/send', '/end', '/write']) await expectChat(outside, path);
        expect(patched).toEqual(['end', 'end', 'write', 'end']);
      },
    );
  });

  describe('inject: true', () => {
    test('sends cacheable pages without an identity and revalidates them with 304', async () => {
      const contact = vi.fn(() => ADA);
      const web = app(chat({ contact, inject: true }), (_req, res) => {
        res.set('cache-control', 'public, max-age=60').send(PLAIN);
      });
      await serving(http.createServer(web), async (url) => {
        const page = await ask(url);
        expect(findMarkup(page.body)!.data).toEqual({
          base_url: 'https://chat.example.com',
          website_token: INBOX.websiteToken,
          identity_url: '/chatwoot/identity',
          anonymous: 'show',
        });
        expect(page.headers['cache-control']).toBe('public, max-age=60');
        expect(page.headers.etag).toMatch(/^W\//);
        const again = await ask(url, { headers: { 'if-none-match': page.headers.etag! } });
        expect(again.status).toBe(304);
        expect(contact).not.toHaveBeenCalled();
      });
    });
  });

  describe('Content-Security-Policy', () => {
    const nonces = (body: Buffer) =>
      Array.from(body.toString().matchAll(/ nonce="([^"]*)"/g), (match) => match[1]);

    test("works with helmet's default policy: loads every script from 'self' and adds no nonce", async () => {
      const { body } = await serve(app(helmet(), chat(), (_req, res) => void res.send(PLAIN)));
      expect(findMarkup(body)).toBeDefined();
      expect(nonces(body)).toEqual([]);
      expect(body.toString()).not.toMatch(/<script(?! type="application\/json"| src="\/)/);
    });

    test.each<[string, string, RequestHandler, Partial<ChatwootIdentityOptions>]>([
      [
        'the Content-Security-Policy header',
        'r4nd0m+/A==',
        (_req, res, next) => {
          res.set('Content-Security-Policy', "default-src 'self'; script-src 'self' 'nonce-r4nd0m+/A=='");
          next();
        },
        {},
      ],
      [
        'res.locals.cspNonce',
        'bG9jYWxz',
        (_req, res, next) => {
          res.locals.cspNonce = 'bG9jYWxz';
          next();
        },
        {},
      ],
      [
        'the nonce option',
        'base64url_-',
        (_req, _res, next) => next(),
        { inject: { mode: 'inline', nonce: () => 'base64url_-' } },
      ],
    ])('uses a nonce from %s', async (_name, nonce, middleware, options) => {
      const { body } = await serve(app(middleware, chat(options), (_req, res) => void res.send(PLAIN)));
      expect(nonces(body)).toEqual([nonce, nonce, nonce]);
    });

    test.each(['"><script>alert(1)</script>', 'a b', "a'b", '', 42, { toString: () => 'x' }])(
      'does not write the malformed nonce %j to the page',
      async (nonce) => {
        const set: RequestHandler = (_req, res, next) => {
          res.locals.cspNonce = nonce;
          next();
        };
        const { body } = await serve(app(set, chat(), (_req, res) => void res.send(PLAIN)));
        expect(findMarkup(body)).toBeDefined();
        expect(nonces(body)).toEqual([]);
      },
    );
  });

  describe('the page script', () => {
    test('serves the page script compressed and immutable, and also serves it under an outdated hash', async () => {
      const web = app(chat(), (_req, res) => void res.status(404).send(PLAIN));
      await serving(http.createServer(web), async (url) => {
        const path = /src="([^"]+)"/.exec((await ask(url)).body.toString())![1]!;
        const plain = await ask(url + path);
        expect(plain.headers).toMatchObject({
          'cache-control': 'public, max-age=31536000, immutable',
          'content-type': 'text/javascript; charset=utf-8',
          'content-length': String(plain.body.length),
          'x-content-type-options': 'nosniff',
          vary: 'Accept-Encoding',
        });
        const zipped = await ask(url + path, {
          headers: { accept: 'text/html', 'accept-encoding': 'gzip, br;q=0' },
        });
        expect(zipped.headers['content-encoding']).toBe('gzip');
        expect(gunzipSync(zipped.body).equals(plain.body)).toBe(true);
        const brotli = await ask(url + path, {
          headers: { accept: 'text/html', 'accept-encoding': 'gzip, deflate, br' },
        });
        expect(brotli.headers['content-encoding']).toBe('br');
        expect(brotli.headers.etag).not.toBe(zipped.headers.etag);
        expect((await ask(url + path, { headers: { 'if-none-match': plain.headers.etag! } })).status).toBe(
          304,
        );
        const head = await ask(url + path, { method: 'HEAD' });
        expect([head.body.length, head.headers['content-length']]).toEqual([
          0,
          plain.headers['content-length'],
        ]);
        const old = await ask(`${url}/chatwoot/widget-0123456789ab.js`);
        expect([old.status, old.headers['cache-control']]).toEqual([200, 'no-cache']);
        expect((await ask(`${url}/chatwoot/other.js`)).status).toBe(404);
      });
    });
  });
});
