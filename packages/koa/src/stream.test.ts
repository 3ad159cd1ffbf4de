import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import type { Context, Middleware } from 'koa';
import compress from 'koa-compress';
import { describe, expect, test } from 'vitest';
import { ADA } from '../../../test/support/ada.js';
import { deferred } from '../../../test/support/gate.js';
import { serving } from '../../../test/support/http.js';
import { type App, appOf, chat, versions } from '../../../test/support/koa-app.js';
import { PLAIN } from '../../../test/support/markup.js';

/** A response body that the test writes to, with a promise that resolves when the body is closed. */
interface Source {
  body: unknown;
  write(text: string): void;
  fail(): void;
  closed: Promise<unknown>;
}

function nodeSource(): Source {
  const body = new PassThrough();
  const closed = new Promise((resolve) => body.once('close', resolve));
  return { body, write: (text) => body.write(text), fail: () => body.destroy(new Error('boom')), closed };
}

function webSource(toBody: (stream: ReadableStream) => unknown = (stream) => stream): Source {
  const closed = deferred<void>();
  let controller!: ReadableStreamDefaultController;
  const stream = new ReadableStream({
    start(its) {
      controller = its;
    },
    cancel: () => closed.resolve(),
  });
  return {
    body: toBody(stream),
    write: (text) => controller.enqueue(Buffer.from(text)),
    fail: () => controller.error(new Error('boom')),
    closed: closed.promise,
  };
}

const kinds: Record<string, () => Source> = { 'Node stream': nodeSource };
const webKinds: typeof kinds = {
  ReadableStream: webSource,
  Response: () => webSource((stream) => new Response(stream)),
};

/** Reads at least `wanted` characters from a response. Returns all characters that were read. */
function read(response: Readable, wanted: number): Promise<string> {
  let text = '';
  return new Promise((resolve) => {
    response.on('data', (chunk) => {
      text += chunk;
      if (text.length >= wanted) resolve(text);
    });
  });
}

function page(body: unknown): Middleware {
  return (ctx: Context) => {
    ctx.body = body;
    ctx.type = 'html';
  };
}

describe.each(versions)('%s', (version, Koa) => {
  const known = Object.entries(version === 'Koa 3' ? { ...kinds, ...webKinds } : kinds);

  describe('stream errors', () => {
    /**
     * Makes the response body fail. Returns the response that the client receives and the errors that the app emits.
     */
    async function failure(source: Source, sent: string[], middlewares: Middleware[]): Promise<unknown> {
      const { app, server, errors } = appOf(Koa, ...middlewares, page(source.body));
      return serving(server, async (url) => {
        const asked = once(server, 'request');
        const request = http.get(url, { agent: false, headers: { accept: 'text/html' } });
        const answered = once(request, 'response').catch((error: NodeJS.ErrnoException) => error.code);
        await asked;
        for (const text of sent) source.write(text);
        let response: IncomingMessage | undefined;
        let text = '';
        if (sent.length > 0) {
          [response] = (await answered) as [IncomingMessage];
          text = await read(response, sent.join('').length);
        }
        const said = new Promise((resolve) => app.once('error', resolve));
        source.fail();
        await said;
        const outcome = sent.length > 0 ? undefined : await answered;
        if (Array.isArray(outcome)) [response] = outcome as [IncomingMessage];
        // After an error in a response that has started, Koa 2 leaves the response open and Koa 3 destroys it.
        if (version === 'Koa 3' && response) await new Promise((resolve) => response!.once('close', resolve));
        const { statusCode, complete, destroyed } = response ?? {};
        request.destroy();
        return {
          outcome: Array.isArray(outcome) ? 'answered' : outcome,
          text,
          statusCode,
          complete,
          destroyed,
          errors: errors.map(String),
        };
      });
    }

    test.each(
      known.flatMap(([kind, source]) => [
        [kind, 'before the first byte', source, []] as const,
        [kind, 'after the first byte', source, ['<!doctype html><p>One']] as const,
      ]),
    )(
      'handles an error of a %s %s exactly like Koa without the middleware',
      async (_kind, _when, source, sent) => {
        const alone = await failure(source(), [...sent], []);
        const ours = await failure(source(), [...sent], [chat()]);
        expect(alone).toMatchObject({ errors: expect.arrayContaining(['Error: boom']) });
        expect(ours).toEqual(alone);
      },
    );
  });

  describe('client disconnects', () => {
    /** Requests the page, disconnects after `wanted` characters and waits until the source is closed. */
    async function leave({ server }: App, source: Source, sent: string[], wanted = sent.join('').length) {
      await serving(server, async (url) => {
        const asked = once(server, 'request');
        const request = http.get(url, {
          agent: false,
          headers: { accept: 'text/html', 'accept-encoding': 'identity' },
        });
        request.on('error', () => {});
        await asked;
        for (const text of sent) source.write(text);
        if (wanted > 0) {
          const [response] = (await once(request, 'response')) as [Readable];
          response.on('error', () => {});
          await read(response, wanted);
        }
        request.destroy();
        await source.closed;
      });
    }

    test.each(known)('closes a %s if the client disconnects before the first byte', async (_kind, create) => {
      const source = create();
      await leave(appOf(Koa, chat(), page(source.body)), source, []);
    });

    test.each(known)(
      'closes a %s if the client disconnects after a part of a page',
      async (_kind, create) => {
        const source = create();
        await leave(appOf(Koa, chat(), page(source.body)), source, ['<!doctype html>', '<p>One</p>']);
      },
    );

    test.each(known)(
      'closes a %s if the client disconnects after a part of a fragment',
      async (_kind, create) => {
        const source = create();
        await leave(appOf(Koa, chat(), page(source.body)), source, ['<li>', 'One</li>']);
      },
    );

    test.each(known)(
      'closes a %s if the client disconnects while the app writes more than the client reads',
      async (_kind, create) => {
        const source = create();
        const page_ = page(source.body);
        await leave(appOf(Koa, chat(), page_), source, ['<!doctype html>', ' '.repeat(4_000_000)], 1);
      },
    );

    test.each(known)(
      'closes a %s that koa-compress compresses if the client disconnects',
      async (_kind, create) => {
        const source = create();
        const { server } = appOf(Koa, compress({ threshold: 0 }), chat(), page(source.body));
        await serving(server, async (url) => {
          const request = http.get(url, {
            agent: false,
            headers: { accept: 'text/html', 'accept-encoding': 'gzip' },
          });
          request.on('error', () => {});
          await once(server, 'request');
          source.write('<!doctype html>');
          source.write(Array.from({ length: 50_000 }, (_, index) => index.toString(36)).join());
          const [response] = (await once(request, 'response')) as [Readable];
          response.on('error', () => {});
          await once(response, 'data');
          request.destroy();
          await source.closed;
        });
      },
    );

    test('causes no error if contact resolves after the client has disconnected', async () => {
      const contact = deferred<typeof ADA>();
      const { server, errors } = appOf(Koa, chat({ contact: () => contact.promise }), page(PLAIN));
      await serving(server, async (url) => {
        const closed = new Promise((resolve) =>
          server.once('request', (_req, res) => res.once('close', resolve)),
        );
        const request = http.get(url, { agent: false, headers: { accept: 'text/html' } });
        request.on('error', () => {});
        const [response] = (await once(request, 'response')) as [Readable];
        response.on('error', () => {});
        await once(response, 'data');
        request.destroy();
        await closed;
        contact.resolve(ADA);
        await contact.promise;
        await new Promise(setImmediate);
      });
      expect(
        errors.filter((error) => (error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE'),
      ).toEqual([]);
    });

    test('closes a Node stream if the client disconnects while contact is pending', async () => {
      const contact = deferred<typeof ADA>();
      const source = new PassThrough();
      const { server } = appOf(Koa, chat({ contact: () => contact.promise }), page(source));
      await serving(server, async (url) => {
        const closed = new Promise((resolve) =>
          server.once('request', (_req, res) => res.once('close', resolve)),
        );
        const request = http.get(url, { agent: false, headers: { accept: 'text/html' } });
        request.on('error', () => {});
        source.end(PLAIN);
        const [response] = (await once(request, 'response')) as [Readable];
        response.on('error', () => {});
        await once(response, 'data');
        request.destroy();
        await closed;
        contact.resolve(ADA);
        await contact.promise;
        await new Promise(setImmediate);
        expect(source.destroyed).toBe(true);
      });
    });
  });
});
