import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import koaEtag from '@koa/etag';
import koa3, { type Context, type Middleware } from 'koa';
import conditional from 'koa-conditional-get';
import { describe, expect, test } from 'vitest';
import { ADA } from '../../../test/support/ada.js';
import { deferred } from '../../../test/support/gate.js';
import { ask, serving } from '../../../test/support/http.js';
import { appOf, chat, serve, versions } from '../../../test/support/koa-app.js';
import { findMarkup, PLAIN } from '../../../test/support/markup.js';

/** `@koa/etag`, cast because its types are written for Koa 2 only. */
const etag = koaEtag as () => Middleware;

const kinds: Record<string, () => unknown> = {
  string: () => PLAIN,
  Buffer: () => Buffer.from(PLAIN),
  'Node stream': () => Readable.from([PLAIN.slice(0, 40), PLAIN.slice(40)]),
};
const webKinds: typeof kinds = {
  ReadableStream: () => new Blob([PLAIN]).stream(),
  Blob: () => new Blob([PLAIN]),
  Response: () => new Response(PLAIN, { headers: { 'content-type': 'text/html; charset=utf-8' } }),
};

/** Returns middleware that sets an HTML page with the given kind of body. */
function page(body: () => unknown): Middleware {
  return (ctx: Context) => {
    ctx.type = 'html';
    ctx.body = body();
  };
}

function sets(fields: Partial<Pick<Context, 'body' | 'status' | 'type'>>): Middleware {
  return (ctx) => {
    Object.assign(ctx, fields);
  };
}

describe.each(versions)('%s', (version, Koa) => {
  const known = Object.entries(version === 'Koa 3' ? { ...kinds, ...webKinds } : kinds);

  test.each(known)('%s: preserves the status, type and length that Koa would send', async (kind, body) => {
    const answer = await serve(appOf(Koa, chat(), page(body)));
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(findMarkup(answer.body)?.without.toString()).toBe(PLAIN);
    // Do not compare with `ctx.length`, which is 2 for web streams.
    const length = kind === 'string' || kind === 'Buffer' ? String(answer.body.length) : undefined;
    expect(answer.headers['content-length']).toBe(length);
  });

  test.each(known)(
    '%s: a HEAD request receives the headers of a page without Content-Length',
    async (_kind, body) => {
      const answer = await serve(appOf(Koa, chat(), page(body)), '/', { method: 'HEAD' });
      expect(answer.status).toBe(200);
      expect(answer.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'private, no-store',
      });
      expect(answer.headers).not.toHaveProperty('content-length');
    },
  );

  test.each(known)('%s: preserves a status that the app set', async (_kind, body) => {
    const answer = await serve(
      appOf(Koa, chat(), async (ctx, next) => {
        await page(body)(ctx, next);
        ctx.status = 418;
        ctx.set('X-App', 'yes');
      }),
    );
    expect([answer.status, answer.headers['x-app']]).toEqual([418, 'yes']);
    expect(findMarkup(answer.body)).toBeDefined();
  });

  test('injects into a page whose type Koa inferred from the body', async () => {
    const guessed = await serve(
      appOf(Koa, chat(), (ctx) => {
        ctx.body = PLAIN;
      }),
    );
    expect(guessed.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(findMarkup(guessed.body)).toBeDefined();
  });

  test.each<[string, Middleware]>([
    ['a JSON object', sets({ body: { html: PLAIN } })],
    ['an array', sets({ body: [PLAIN] })],
    ['no body', sets({ status: 204 })],
    ['a null body', sets({ body: null })],
    ['no status and no body', () => {}],
    ['a content type without a body', sets({ type: 'html' })],
    ['a redirect', (ctx) => ctx.redirect('/next')],
    ['a Buffer without a type', sets({ body: Buffer.from(PLAIN) })],
    ['a stream without a type', (ctx) => sets({ body: Readable.from([PLAIN]) })(ctx, async () => {})],
  ])('leaves the response unchanged for %s', async (_name, app) => {
    for (const method of ['GET', 'HEAD']) {
      const alone = await serve(appOf(Koa, app), '/', { method });
      const ours = await serve(appOf(Koa, chat(), app), '/', { method });
      delete alone.headers.date;
      delete ours.headers.date;
      expect(ours).toEqual(alone);
    }
  });

  test('does not change a response that the app sends itself with ctx.respond = false', async () => {
    const answer = await serve(
      appOf(Koa, chat(), (ctx) => {
        ctx.respond = false;
        ctx.body = PLAIN;
        setImmediate(() => ctx.res.end(PLAIN));
      }),
    );
    expect(answer.body.toString()).toBe(PLAIN);
    expect(answer.headers).not.toHaveProperty('cache-control');
  });

  test.each(known)(
    '%s: injects no identity if the response headers were flushed before no-store was set',
    async (_kind, body) => {
      const app = appOf(Koa, chat(), (ctx) => {
        ctx.type = 'html';
        ctx.flushHeaders();
        ctx.body = body();
      });
      const answer = await serve(app);
      expect(answer.body.toString()).toBe(PLAIN);
      expect(app.errors).toEqual([]);
    },
  );

  test('preserves the length of a streamed fragment', async () => {
    const fragment = '<li>One</li>';
    const answer = await serve(
      appOf(Koa, chat(), (ctx) => {
        ctx.type = 'html';
        ctx.body = Readable.from([fragment]);
        ctx.length = fragment.length;
      }),
    );
    expect(answer.body.toString()).toBe(fragment);
    expect(answer.headers['content-length']).toBe(String(fragment.length));
    expect(answer.headers).not.toHaveProperty('cache-control');
  });

  test('sends everything but the closing tags of a stream before contact resolves', async () => {
    const body = Readable.from([PLAIN.slice(0, 50), PLAIN.slice(50)]);
    const contact = deferred<typeof ADA>();
    const { server } = appOf(
      Koa,
      chat({ contact: () => contact.promise }),
      page(() => body),
    );
    await serving(server, async (url) => {
      const [response] = (await once(
        http.get(url, { agent: false, headers: { accept: 'text/html' } }),
        'response',
      )) as [http.IncomingMessage];
      let text = '';
      for await (const chunk of response) {
        text += chunk;
        if (text === PLAIN.replace(/<\/body>.*/s, '')) contact.resolve(ADA);
      }
      expect(findMarkup(Buffer.from(text))?.data.identity).toMatchObject(ADA);
    });
  });

  test('sends each chunk of a stream immediately and holds back only the closing tags', async () => {
    const source = new PassThrough();
    const { server } = appOf(
      Koa,
      chat(),
      page(() => source),
    );
    await serving(server, async (url) => {
      const request = http.get(url, { agent: false, headers: { accept: 'text/html' } });
      source.write('<!doctype html>');
      const [response] = (await once(request, 'response')) as [http.IncomingMessage];
      const chunks = response[Symbol.asyncIterator]();
      for (const part of ['<p>One</p>', '<p>Two</p>']) {
        expect(String((await chunks.next()).value)).toBe(
          part === '<p>One</p>' ? '<!doctype html>' : '<p>One</p>',
        );
        source.write(part);
      }
      source.end('</body>');
      let rest = '';
      for await (const chunk of chunks) rest += chunk;
      expect(rest).toMatch(/^<p>Two<\/p><link .*<script type=.*<\/script><\/body>$/);
    });
  });

  test.each(known)('%s: outer middleware sees the final caching headers', async (_kind, body) => {
    let seen: unknown;
    await serve(
      appOf(
        Koa,
        async (ctx, next) => {
          await next();
          seen = ctx.response.get('Cache-Control');
        },
        chat(),
        page(body),
      ),
    );
    expect(seen).toBe('private, no-store');
  });

  test('outer middleware can replace the response before the first byte of a streamed page', async () => {
    const source = new PassThrough();
    const late = new PassThrough();
    const { server, errors } = appOf(
      Koa,
      async (ctx, next) => {
        await Promise.race([next(), new Promise(setImmediate)]);
        ctx.status = 503;
        ctx.body = late;
      },
      chat(),
      page(() => source),
    );
    await serving(server, async (url) => {
      const request = http.get(url, { agent: false, headers: { accept: 'text/html' } });
      late.write('<!doctype html>Too ');
      const [response] = (await once(request, 'response')) as [http.IncomingMessage];
      source.end(PLAIN);
      await once(source, 'end');
      late.end('late');
      expect(response.statusCode).toBe(503);
      expect((await response.toArray()).join('')).toBe('<!doctype html>Too late');
      expect(errors).toEqual([]);
    });
  });

  describe('conditional requests', () => {
    const asked = chat({ contact: (ctx) => ({ identifier: ctx.get('x-user') }) });

    test('never sends user B a 304 for the page of user A (page streamed from a file)', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'pages-'));
      const file = join(folder, 'page.html');
      await writeFile(file, PLAIN);
      const sent: Middleware = (ctx) => {
        ctx.type = 'html';
        ctx.length = PLAIN.length;
        ctx.lastModified = new Date('2026-11-21');
        ctx.body = createReadStream(file);
      };
      try {
        const bare = await serve(appOf(Koa, conditional(), etag(), sent));
        expect(bare.headers).toMatchObject({
          etag: expect.any(String),
          'content-length': String(PLAIN.length),
        });
        const headers = {
          'x-user': 'b',
          'if-none-match': bare.headers.etag!,
          'if-modified-since': bare.headers['last-modified']!,
        };
        const b = await serve(appOf(Koa, asked, conditional(), etag(), sent), '/', { headers });
        expect(b.status).toBe(200);
        expect(findMarkup(b.body)?.data.identity).toMatchObject({ identifier: 'b' });
        expect(b.headers).not.toHaveProperty('etag');
        expect(b.headers).not.toHaveProperty('last-modified');
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    test.each([
      ['mounted after the middleware', [asked, conditional(), etag()]],
      ['mounted before the middleware', [conditional(), etag(), asked]],
    ])('sends user B the full page even if the ETag matches (koa-etag %s)', async (_where, middlewares) => {
      const { server } = appOf(
        Koa,
        ...middlewares,
        page(() => PLAIN),
      );
      const bare = await serve(
        appOf(
          Koa,
          conditional(),
          etag(),
          page(() => PLAIN),
        ),
      );
      await serving(server, async (url) => {
        const a = await ask(url, { headers: { 'x-user': 'a' } });
        for (const tag of [bare.headers.etag!, a.headers.etag ?? '*']) {
          const b = await ask(url, { headers: { 'x-user': 'b', 'if-none-match': tag } });
          expect(b.status).toBe(200);
          expect(findMarkup(b.body)?.data.identity).toMatchObject({ identifier: 'b' });
        }
      });
    });
  });
});

test('Koa 3: preserves the status and headers of a Response', async () => {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-length': String(PLAIN.length),
    'x-app': 'yes',
    etag: '"app"',
  };
  const answer = await serve(
    appOf(koa3, chat(), (ctx) => {
      ctx.body = new Response(PLAIN, { status: 404, headers });
    }),
  );
  expect([answer.status, answer.headers['x-app']]).toEqual([404, 'yes']);
  expect(answer.headers).not.toHaveProperty('content-length');
  expect(answer.headers).not.toHaveProperty('etag');
  expect(findMarkup(answer.body)?.without.toString()).toBe(PLAIN);
});
