import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import compression from 'compression';
import type { Express, RequestHandler, Response } from 'express';
import { describe, expect, test } from 'vitest';
import { ADA } from '../../../test/support/ada.js';
import { appOf, chat, serve, versions } from '../../../test/support/express-app.js';
import { deferred } from '../../../test/support/gate.js';
import { ask, serving } from '../../../test/support/http.js';
import { findMarkup, PLAIN } from '../../../test/support/markup.js';

describe.each(versions)('%s', (_version, express) => {
  const app = (...handlers: RequestHandler[]) => appOf(express, ...handlers);

  describe("Node's response methods", () => {
    test('calls each callback of write and end once, in order', async () => {
      const calls: string[] = [];
      const done = deferred<void>();
      await serve(
        app(chat(), (_req, res) => {
          res.type('html');
          res.write('<!doctype html><body>', () => calls.push('first'));
          res.write('<p>', 'utf8', () => calls.push('second'));
          res.write('</body>', () => calls.push('held back'));
          res.end('</html>', () => {
            calls.push('end');
            done.resolve();
          });
        }),
      );
      await done.promise;
      expect(calls).toEqual(['first', 'second', 'held back', 'end']);
    });

    test.each([
      ['a synchronous contact', () => ADA],
      ['an asynchronous contact', async () => ADA],
    ])(
      'injects the chat only once if the app calls end, write or send after end (%s)',
      async (_name, contact) => {
        const late: unknown[] = [];
        const answer = await serve(
          app(chat({ contact }), (_req, res) => {
            res.on('error', (error) => late.push((error as NodeJS.ErrnoException).code));
            res.send(PLAIN);
            expect(res.headersSent).toBe(true);
            expect(() => res.send('again')).toThrow(/headers/i);
            res.end('again');
            res.end();
            res.write('again', (error) => late.push((error as NodeJS.ErrnoException | null)?.code));
          }),
        );
        expect(findMarkup(answer.body)?.without.toString()).toBe(PLAIN);
        expect(late).toContain('ERR_STREAM_WRITE_AFTER_END');
      },
    );

    test('does not append the markup to a response that the app destroys', async () => {
      const broken = serve(
        app(chat(), (_req, res) => {
          res.type('html').write('<!doctype html><body>', () => res.destroy());
        }),
      );
      await expect(broken).rejects.toThrow(/aborted|hang up/);
    });

    test('does not throw if the client disconnects while the contact function is pending', async () => {
      const contact = deferred<typeof ADA>();
      const asked = deferred<void>();
      const closed = deferred<void>();
      const server = http.createServer(
        app(
          chat({
            contact: () => {
              asked.resolve();
              return contact.promise;
            },
          }),
          (_req, res) => {
            res.on('close', closed.resolve);
            res.send(PLAIN);
          },
        ),
      );
      await serving(server, async (url) => {
        const request = http.get(url, { headers: { accept: 'text/html' } }).on('error', () => {});
        await asked.promise;
        request.destroy();
        await closed.promise;
        contact.resolve(ADA);
        await contact.promise;
      });
    });

    test('applies back-pressure while it sends a page of 20 MB', async () => {
      const chunk = Buffer.alloc(64 * 1024, 'x');
      let waits = 0;
      const server = http.createServer(
        app(chat(), async (_req, res) => {
          res.type('html').write('<!doctype html><body>');
          for (let sent = 0; sent < 20 * 1024 * 1024; sent += chunk.length) {
            if (res.write(chunk)) continue;
            waits++;
            expect(res.writableLength).toBeLessThan(4 * 1024 * 1024);
            await once(res, 'drain');
          }
          res.end('</body></html>');
        }),
      );
      await serving(server, async (url) => {
        const answer = await ask(url);
        expect(answer.body.length).toBeGreaterThan(20 * 1024 * 1024);
        expect(findMarkup(answer.body.subarray(-2048))).toBeDefined();
      });
      expect(waits).toBeGreaterThan(0);
    });

    test('sends the HTTP trailers of a page', async () => {
      const answer = await serve(
        app(chat(), (_req, res) => {
          res.writeHead(200, { 'content-type': 'text/html', trailer: 'server-timing' });
          res.addTrailers({ 'server-timing': 'db;dur=1' });
          res.end(PLAIN);
        }),
      );
      expect(answer.trailers).toEqual({ 'server-timing': 'db;dur=1' });
      expect(findMarkup(answer.body)).toBeDefined();
    });

    test('sends corked writes in order, despite a bug in Node 22 and 24', async () => {
      const answer = await serve(
        app(chat(), (_req, res) => {
          res.type('html').cork();
          res.write('<!doctype html><body>');
          res.write('<p>');
          res.end('</body></html>');
          res.uncork();
        }),
      );
      expect(findMarkup(answer.body)?.without.toString()).toBe('<!doctype html><body><p></body></html>');
    });

    test.each<[string, (res: Response) => void]>([
      ['flushHeaders', (res) => res.flushHeaders()],
      ['flushHeaders after writeHead', (res) => res.writeHead(200).flushHeaders()],
      ['an empty write', (res) => res.write('')],
    ])('%s sends the response headers of a page immediately', async (_name, flush) => {
      const seen = deferred<void>();
      const server = http.createServer(
        app(chat(), async (_req, res) => {
          res.type('html').setHeader('etag', '"app"');
          flush(res);
          expect(res.headersSent).toBe(true);
          await seen.promise;
          res.end(PLAIN);
        }),
      );
      await serving(server, async (url) => {
        if (_name === 'an empty write') seen.resolve();
        const [response] = (await once(http.get(url, { headers: { accept: 'text/html' } }), 'response')) as [
          http.IncomingMessage,
        ];
        expect(response.headers).toMatchObject({ 'cache-control': 'private, no-store' });
        expect(response.headers).not.toHaveProperty('etag');
        seen.resolve();
        const body = Buffer.concat(await response.toArray());
        expect(findMarkup(body)?.without.toString()).toBe(PLAIN);
      });
    });

    test('closes an HTTP/1.0 connection at the end of the page', async () => {
      await serving(
        http.createServer(app(chat({ contact: async () => ADA }), (_req, res) => void res.send(PLAIN))),
        async (url) => {
          const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
          socket.write('GET / HTTP/1.0\r\nAccept: text/html\r\n\r\n');
          const text = Buffer.concat(await socket.toArray());
          expect(text.toString()).not.toMatch(/transfer-encoding/i);
          const body = text.subarray(text.indexOf('\r\n\r\n') + 4);
          expect(findMarkup(body)?.without.toString()).toBe(PLAIN);
        },
      );
    });

    test('sends 1xx responses unchanged, before the page', async () => {
      const web = app(chat(), (_req, res) => {
        res.writeProcessing();
        res.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' }, () => res.send(PLAIN));
      });
      await serving(http.createServer(web), async (url) => {
        const early: unknown[] = [];
        const request = http.get(url, { agent: false, headers: { accept: 'text/html' } });
        request.on('information', ({ statusCode, headers }) => early.push([statusCode, headers]));
        const [response] = (await once(request, 'response')) as [http.IncomingMessage];
        const body = Buffer.concat(await response.toArray());
        expect(early).toEqual([
          [102, {}],
          [103, { link: '</style.css>; rel=preload; as=style' }],
        ]);
        expect(findMarkup(body)?.without.toString()).toBe(PLAIN);
      });
    });

    test.each<[string, http.OutgoingHttpHeaders, string]>([
      ['HTML', { 'content-type': 'text/html' }, PLAIN],
      ['JSON', { 'content-type': 'application/json' }, '{"error":"late"}'],
    ])('accepts a second writeHead call for %s while headersSent is false', async (_type, headers, body) => {
      const answer = await serve(
        app(chat(), (_req, res) => {
          res.writeHead(200, { 'content-type': 'text/html', 'cache-control': 'public' });
          if (!res.headersSent) res.writeHead(500, headers);
          res.end(body);
        }),
      );
      expect([answer.status, answer.headers['content-type']]).toEqual([500, headers['content-type']]);
      expect((findMarkup(answer.body)?.without ?? answer.body).toString()).toBe(body);
      expect(findMarkup(answer.body) === undefined).toBe(body !== PLAIN);
    });

    /**
     * Makes the calls in a request handler, and returns the error code of each call. Assert these codes outside the
     * handler, because Express would pass a failed assertion to its error handler.
     */
    const refusals = async (calls: (res: Response) => (() => void)[], options = {}) => {
      const codes: unknown[] = [];
      await serve(
        app(chat(options), (_req, res) => {
          for (const call of calls(res)) {
            try {
              call();
              codes.push('none');
            } catch (error) {
              codes.push((error as NodeJS.ErrnoException).code);
            }
          }
          res.end();
        }),
      );
      return codes;
    };

    test('rejects an undefined header value with the same error as Node', async () => {
      const headers = { 'content-type': 'text/html', 'x-missing': undefined };
      const calls = (res: Response) => [() => void res.writeHead(200, headers)];
      expect(await refusals(calls)).toEqual(['ERR_HTTP_INVALID_HEADER_VALUE']);
      expect(await refusals(calls, { inject: false })).toEqual(['ERR_HTTP_INVALID_HEADER_VALUE']);
    });

    test('rejects an invalid chunk with the same error as Node', async () => {
      const calls = (res: Response) => [
        () => void res.type('html').write(42),
        () => void res.end({} as string),
      ];
      const codes = ['ERR_INVALID_ARG_TYPE', 'ERR_INVALID_ARG_TYPE'];
      expect(await refusals(calls)).toEqual(codes);
      expect(await refusals(calls, { inject: false })).toEqual(codes);
    });
  });

  test.each(['write', 'end'] as const)(
    'calling a saved reference to the native %s method bypasses the middleware',
    async (method) => {
      const answer = await serve(
        app(
          (_req, res, next) => {
            res.locals.kept = res[method];
            next();
          },
          chat(),
          (_req, res) => {
            res.type('html').locals.kept.call(res, PLAIN);
            res.end();
          },
        ),
      );
      expect(answer.body.toString()).toBe(PLAIN);
    },
  );

  describe('streaming', () => {
    test('sends each chunk before the app writes the next one, and never holds back </div>', async () => {
      const parts = ['<!doctype html><body><div>one</div>', '<p>two</p>', '</div>', '<', 'b>three</b>'];
      const arrived = parts.map(() => deferred<void>());
      const server = http.createServer(
        app(chat({ contact: () => new Promise(() => {}) }), async (_req, res) => {
          res.type('html');
          for (const [index, part] of parts.entries()) {
            res.write(part);
            await arrived[index]!.promise;
          }
          res.destroy();
        }),
      );
      await serving(server, async (url) => {
        const request = http.get(url, { headers: { accept: 'text/html' } });
        const [response] = (await once(request, 'response')) as [http.IncomingMessage];
        response.on('error', () => {});
        let text = '';
        let next = 0;
        // Only a single "<" is held back until the next chunk, because it may be the start of the closing tags.
        const marks = ['</div>', '</p>', '</p></div>', '</p></div>', 'three'];
        await new Promise<void>((resolve) => {
          response.on('data', (chunk: Buffer) => {
            text += chunk;
            while (next < marks.length && text.includes(marks[next]!)) arrived[next++]!.resolve();
          });
          response.on('close', resolve);
        });
        expect(text).toBe(parts.join(''));
      });
    });

    test('sends each server-sent event before the app writes the next one', async () => {
      const read = deferred<void>();
      const server = http.createServer(
        app(chat(), async (_req, res) => {
          res.type('text/event-stream').write('data: </body>\n\n');
          await read.promise;
          res.end('data: 2\n\n');
        }),
      );
      await serving(server, async (url) => {
        const [response] = (await once(http.get(url, { headers: { accept: 'text/html' } }), 'response')) as [
          http.IncomingMessage,
        ];
        let text = '';
        for await (const chunk of response) {
          text += chunk;
          read.resolve();
        }
        expect(text).toBe('data: </body>\n\ndata: 2\n\n');
      });
    });

    test.each([true, false])(
      'delays only the closing tags while the contact function is pending (page sent in one call: %s)',
      async (sentWhole) => {
        const contact = deferred<typeof ADA>();
        const server = http.createServer(
          app(chat({ contact: () => contact.promise }), (_req, res) => {
            if (sentWhole) res.send(PLAIN);
            else Readable.from([PLAIN.slice(0, 50), PLAIN.slice(50)]).pipe(res.type('html'));
          }),
        );
        await serving(server, async (url) => {
          const [response] = (await once(
            http.get(url, { headers: { accept: 'text/html' } }),
            'response',
          )) as [http.IncomingMessage];
          let body = '';
          for await (const chunk of response) {
            body += chunk;
            if (body === PLAIN.replace('</body></html>\n', '')) contact.resolve(ADA);
          }
          expect(findMarkup(Buffer.from(body))?.without.toString()).toBe(PLAIN);
        });
      },
    );
  });

  describe('other middleware that wraps the response', () => {
    test('calls the res.send patches of middleware mounted before and after chatwootIdentity', async () => {
      const sent: string[] = [];
      const patch =
        (name: string): RequestHandler =>
        (_req, res, next) => {
          const send = res.send.bind(res);
          res.send = (body) => {
            sent.push(name);
            return send(body);
          };
          next();
        };
      const answer = await serve(
        app(patch('before'), chat(), patch('after'), (_req, res) => void res.send(PLAIN)),
      );
      expect(findMarkup(answer.body)?.without.toString()).toBe(PLAIN);
      expect(sent).toEqual(['after', 'before']);
    });

    test.each([
      ["the app's response prototype", (app: Express) => app.response],
      ["Express's response prototype", () => express.response],
    ])('calls a send method defined on %s', async (_name, of) => {
      const page = app(chat(), (_req, res) => void res.send('text'));
      const prototype = of(page);
      const before = Object.getOwnPropertyDescriptor(prototype, 'send');
      const { send } = prototype;
      prototype.send = function (this: Response) {
        return send.call(this, PLAIN);
      };
      try {
        const answer = await serve(page);
        expect(findMarkup(answer.body)?.without.toString()).toBe(PLAIN);
      } finally {
        Reflect.deleteProperty(prototype, 'send');
        if (before) Object.defineProperty(prototype, 'send', before);
      }
    });

    test('injects only the chat of the inner middleware if chatwootIdentity is mounted twice', async () => {
      const answer = await serve(app(chat(), chat({ path: '/other' }), (_req, res) => void res.send(PLAIN)));
      const found = findMarkup(answer.body)!;
      expect(found.data.identity_url).toBe('/other');
      expect(found.without.toString()).toBe(PLAIN);
      expect(Number(answer.headers['content-length'])).toBe(answer.body.length);
    });
  });

  describe('conditional requests', () => {
    test('express.static never sends user B a 304 for the page of user A', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'pages-'));
      await writeFile(join(folder, 'page.html'), PLAIN);
      await writeFile(join(folder, 'style.css'), 'a{}');
      try {
        const web = app(
          chat({ contact: (req) => ({ identifier: String(req.headers['x-user']) }) }),
          express.static(folder),
        );
        await serving(http.createServer(web), async (url) => {
          const bare = await serving(http.createServer(app(express.static(folder))), (url) =>
            ask(`${url}/page.html`),
          );
          const validators = {
            'if-none-match': bare.headers.etag!,
            'if-modified-since': bare.headers['last-modified']!,
          };
          const b = await ask(`${url}/page.html`, { headers: { 'x-user': 'b', ...validators } });
          expect(b.status).toBe(200);
          expect(findMarkup(b.body)?.data.identity).toMatchObject({ identifier: 'b' });
          const part = await ask(`${url}/page.html`, { headers: { 'x-user': 'b', range: 'bytes=0-9' } });
          expect([part.status, part.body.toString()]).toEqual([206, PLAIN.slice(0, 10)]);
          const css = await ask(`${url}/style.css`, {
            headers: { accept: 'text/css,*/*;q=0.1', 'sec-fetch-dest': 'style' },
          });
          const again = await ask(`${url}/style.css`, {
            headers: {
              accept: 'text/css,*/*;q=0.1',
              'sec-fetch-dest': 'style',
              'if-none-match': css.headers.etag!,
            },
          });
          expect([css.status, again.status]).toEqual([200, 304]);
        });
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    test('sends user B a full page without an ETag, even if the request contains the ETag that Express computes', async () => {
      const web = app(
        chat({ contact: (req) => ({ identifier: String(req.headers['x-user']) }) }),
        (_req, res) => void res.send(PLAIN),
      );
      await serving(http.createServer(web), async (url) => {
        const bare = await serve(app((_req, res) => void res.send(PLAIN)));
        const a = await ask(url, { headers: { 'x-user': 'a' } });
        expect(a.headers).not.toHaveProperty('etag');
        const b = await ask(url, { headers: { 'x-user': 'b', 'if-none-match': bare.headers.etag! } });
        expect(findMarkup(b.body)?.data.identity).toMatchObject({ identifier: 'b' });
      });
    });
  });

  describe('compression', () => {
    const gzip = { headers: { accept: 'text/html', 'accept-encoding': 'gzip' } };
    const page = PLAIN.replace('Hello', 'Hello '.repeat(2000));

    test.each<[string, RequestHandler[]]>([
      ['compression mounted before the middleware', [compression(), chat()]],
      [
        'compression mounted before the middleware and an asynchronous contact',
        [compression(), chat({ contact: async () => ADA })],
      ],
    ])(
      'injects the chat into sent, written and piped pages before they are compressed (%s)',
      async (_name, handlers) => {
        const web = app(...handlers, (req, res) => {
          if (req.path === '/send') res.send(page);
          else if (req.path === '/write') {
            res.type('html').write(page.slice(0, 5000));
            res.end(page.slice(5000));
          } else Readable.from([page.slice(0, 5000), page.slice(5000)]).pipe(res.type('html'));
        });
        await serving(http.createServer(web), async (url) => {
          for (const path of ['/send', '/write', '/pipe']) {
            const answer = await ask(url + path, gzip);
            expect(answer.headers['content-encoding'], path).toBe('gzip');
            expect(findMarkup(gunzipSync(answer.body))?.without.toString(), path).toBe(page);
          }
        });
      },
    );

    test('compression mounted after the middleware compresses JSON', async () => {
      const answer = await serve(
        app(chat(), compression(), (_req, res) => void res.json({ page })),
        '/',
        gzip,
      );
      expect(JSON.parse(gunzipSync(answer.body).toString())).toEqual({ page });
    });
  });
});

test("works with Node's HTTP/2 compatibility API, without Express", async () => {
  const middleware = chat({ contact: async () => ADA }) as unknown as (...args: unknown[]) => void;
  const server = http2.createServer((req, res) => {
    middleware(req, res, () => {
      if (req.url === '/head') res.writeHead(200, { 'content-type': 'text/html' });
      else res.setHeader('content-type', 'text/html');
      res.write(PLAIN.slice(0, 60));
      res.end(PLAIN.slice(60));
    });
  });
  await serving(server as unknown as net.Server, async (url) => {
    const client = http2.connect(url);
    for (const path of ['/', '/head', '/chatwoot/identity']) {
      const stream = client.request({ ':path': path });
      const [headers] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders];
      const body = Buffer.concat(await stream.toArray());
      expect(headers['cache-control']).toBe('private, no-store');
      if (path === '/chatwoot/identity') expect(JSON.parse(body.toString())).toMatchObject(ADA);
      else expect(findMarkup(body)?.without.toString()).toBe(PLAIN);
    }
    client.close();
    await once(client, 'close');
  });
});
