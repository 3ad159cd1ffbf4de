import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import type { Middleware } from 'koa';
import { describe, expect, test } from 'vitest';
import { ADA } from '../../../test/support/ada.js';
import { ask, serving } from '../../../test/support/http.js';
import { appOf, chat, serve, versions } from '../../../test/support/koa-app.js';
import { findMarkup, PLAIN } from '../../../test/support/markup.js';

describe.each(versions)('%s', (_version, Koa) => {
  /** Sends a page as one string, or streams it at `/stream`. */
  const pages: Middleware = (ctx) => {
    ctx.type = 'html';
    ctx.body = ctx.path === '/stream' ? Readable.from([PLAIN.slice(0, 60), PLAIN.slice(60)]) : PLAIN;
  };

  test('applies back-pressure, so that only a small part of a 20 MB page is in memory', async () => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    let made = 0;
    let read = 0;
    let ahead = 0;
    async function* large() {
      yield Buffer.from('<!doctype html><body>');
      for (; made < 20 * 2 ** 20; made += chunk.length) {
        ahead = Math.max(ahead, made - read);
        yield chunk;
      }
      yield Buffer.from('</body></html>');
    }
    const { server } = appOf(Koa, chat(), (ctx) => {
      ctx.type = 'html';
      ctx.body = Readable.from(large());
    });
    await serving(server, async (url) => {
      const [response] = (await once(
        http.get(url, { agent: false, headers: { accept: 'text/html' } }),
        'response',
      )) as [http.IncomingMessage];
      let end = '';
      for await (const bytes of response as AsyncIterable<Buffer>) {
        read += bytes.length;
        end = (end + bytes.toString('latin1')).slice(-2048);
        await new Promise(setImmediate);
      }
      expect(read).toBeGreaterThan(20 * 2 ** 20);
      expect(findMarkup(Buffer.from(end))?.data.identity).toMatchObject(ADA);
    });
    // The socket buffers of the operating system hold several megabytes.
    expect(ahead).toBeLessThan(12 * 2 ** 20);
  });

  test.each(['/', '/stream'])('closes an HTTP/1.0 connection at the end of the page %s', async (path) => {
    await serving(appOf(Koa, chat({ contact: async () => ADA }), pages).server, async (url) => {
      const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
      socket.write(`GET ${path} HTTP/1.0\r\nAccept: text/html\r\n\r\n`);
      const text = Buffer.concat(await socket.toArray());
      expect(text.toString()).not.toMatch(/transfer-encoding/i);
      const body = text.subarray(text.indexOf('\r\n\r\n') + 4);
      expect(findMarkup(body)?.without.toString()).toBe(PLAIN);
    });
  });

  test('serves pages and the identity over HTTP/2', async () => {
    const { app } = appOf(Koa, chat({ contact: async () => ADA }), pages);
    await serving(http2.createServer(app.callback()) as unknown as net.Server, async (url) => {
      const client = http2.connect(url);
      for (const path of ['/', '/stream', '/chatwoot/identity']) {
        const stream = client.request({ ':path': path, accept: 'text/html', 'if-none-match': '*' });
        const [headers] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders];
        const body = Buffer.concat(await stream.toArray());
        expect([headers[':status'], headers['cache-control']]).toEqual([200, 'private, no-store']);
        if (path === '/chatwoot/identity') expect(JSON.parse(body.toString())).toMatchObject(ADA);
        else expect(findMarkup(body)?.without.toString()).toBe(PLAIN);
      }
      client.close();
      await once(client, 'close');
    });
  });

  test('sends 1xx responses unchanged, before the page', async () => {
    const { server } = appOf(Koa, chat(), (ctx, next) => {
      ctx.res.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' });
      return pages(ctx, next);
    });
    await serving(server, async (url) => {
      const early: unknown[] = [];
      const request = http.get(url, { agent: false, headers: { accept: 'text/html' } });
      request.on('information', ({ statusCode, headers }) => early.push([statusCode, headers]));
      const [response] = (await once(request, 'response')) as [http.IncomingMessage];
      expect(early).toEqual([[103, { link: '</style.css>; rel=preload; as=style' }]]);
      expect(findMarkup(Buffer.concat(await response.toArray()))?.without.toString()).toBe(PLAIN);
    });
  });

  test('sends each server-sent event before the app writes the next one', async () => {
    const source = new PassThrough();
    source.write('data: </body>\n\n');
    const { server } = appOf(Koa, chat(), (ctx) => {
      ctx.type = 'text/event-stream';
      ctx.body = source;
    });
    await serving(server, async (url) => {
      const [response] = (await once(
        http.get(url, { agent: false, headers: { accept: 'text/html' } }),
        'response',
      )) as [http.IncomingMessage];
      let text = '';
      for await (const bytes of response) {
        text += bytes;
        source.end('data: 2\n\n');
      }
      expect(text).toBe('data: </body>\n\ndata: 2\n\n');
    });
  });

  test('does not append the markup to a response that the app destroys', async () => {
    const source = new PassThrough();
    source.write('<!doctype html><body>');
    const broken = serve(
      appOf(Koa, chat(), (ctx) => {
        ctx.type = 'html';
        ctx.body = source;
        source.once('data', () => setImmediate(() => ctx.res.destroy()));
      }),
    );
    await expect(broken).rejects.toThrow(/aborted|hang up/);
  });

  test.each(['no-store', 'public, stale-while-revalidate=600'])(
    'does not change a 304 that the app sends with Cache-Control %s',
    async (caching) => {
      const unchanged: Middleware = (ctx) => {
        ctx.set({ 'Cache-Control': caching, ETag: '"app"' });
        ctx.type = 'html';
        ctx.status = 304;
      };
      const alone = await serving(appOf(Koa, unchanged).server, (url) => ask(url));
      const ours = await serving(appOf(Koa, chat(), unchanged).server, (url) => ask(url));
      expect({ ...ours.headers, date: '' }).toEqual({ ...alone.headers, date: '' });
      expect(ours.status).toBe(304);
    },
  );

  test.each(['"><script>alert(1)</script>', 'a b', "a'b", '', 42, { toString: () => 'x' }])(
    'does not write the malformed nonce %j to the page',
    async (nonce) => {
      const set: Middleware = (ctx, next) => {
        ctx.state.cspNonce = nonce;
        return next();
      };
      const { body } = await serve(appOf(Koa, set, chat(), pages));
      expect(findMarkup(body)).toBeDefined();
      expect(body.toString()).not.toContain('nonce=');
    },
  );
});
