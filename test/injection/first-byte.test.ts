import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { chatwootIdentity } from '@chatwoot-identity/express';
import compression from 'compression';
import express, { type RequestHandler, type Response } from 'express';
import { describe, expect, test } from 'vitest';
import { serving } from '../support/http.js';
import { INBOX } from '../support/inbox.js';
import { findMarkup } from '../support/markup.js';

/** The parts that a slow page flushes one after the other, before the closing tags. */
const FLUSHES = [
  '<!doctype html><html><head><title>Slow</title></head>',
  '<body><nav></nav>',
  '<p>one</p>\n',
  '<div>two</div></div>',
  '</section></main>',
];
const END = '</body></html>';

interface Writer {
  flush(text: string): void;
  end(): void;
}

const ways: Record<string, (res: Response) => Writer> = {
  write: (res) => writer(res.type('html')),
  writeHead: (res) => writer(res.writeHead(200, { 'content-type': 'text/html' })),
  flushHeaders(res) {
    res.type('html').flushHeaders();
    return writer(res);
  },
  pipe(res) {
    const source = new PassThrough();
    source.pipe(res.type('html'));
    source.on('data', () => res.flush?.());
    return { flush: (text) => source.write(text), end: () => source.end(END) };
  },
};

function writer(res: Response): Writer {
  return {
    flush(text) {
      res.write(text);
      // `compression` adds this method, which sends the data that it has buffered.
      res.flush?.();
    },
    end: () => res.end(END),
  };
}

describe.each<[string, (ours: RequestHandler) => RequestHandler[], RequestHandler[]]>([
  ['alone', (ours) => [ours], []],
  ['mounted after compression', (ours) => [compression(), ours], [compression()]],
  ['mounted before compression', (ours) => [ours, compression()], [compression()]],
])('the middleware (%s)', (name, chain, without) => {
  test.each(Object.keys(ways))('sends each flush of a page to the client immediately (%s)', async (way) => {
    const alone = await reading(way, without);
    let answer: (contact: null) => void = () => {};
    const contact = () =>
      new Promise<null>((resolve) => {
        answer = resolve;
      });
    const ours = await reading(way, chain(chat(contact)), () => answer(null));

    expect(alone.read).toEqual(FLUSHES.map((_, index) => FLUSHES.slice(0, index + 1).join('')));
    expect(ours.read).toEqual(alone.read);
    // If compression is mounted after the middleware, the middleware receives encoded bytes and sends them unchanged.
    const page = Buffer.from(ours.page);
    expect((findMarkup(page)?.without ?? page).toString()).toBe(alone.page);
    expect(findMarkup(page) === undefined).toBe(name === 'mounted before compression');
  });

  test('sends the first bytes of a file before res.sendFile() has read the last', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'page-'));
    const file = join(folder, 'large.html');
    await writeFile(file, `<!doctype html><body>${randomBytes(10 * 2 ** 20).toString('hex')}${END}`);
    try {
      for (const handlers of [without, chain(chat(() => new Promise(() => {})))]) {
        const app = express();
        let sending: Response | undefined;
        app.use(...handlers, (_req, res) => {
          sending = res;
          res.sendFile(file);
        });
        await serving(http.createServer(app), async (url) => {
          const { request, body } = await open(url);
          const [first] = (await once(body, 'data')) as [Buffer];
          expect(first.toString('latin1', 0, 15)).toBe('<!doctype html>');
          expect(sending!.writableEnded).toBe(false);
          request.destroy();
        });
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

function chat(contact: () => Promise<null>): RequestHandler {
  return chatwootIdentity({ inbox: INBOX, contact, inject: 'inline' });
}

/**
 * Reads a page that writes each part only after the client has received the previous part. If a part were delayed, the
 * promise would never resolve.
 *
 * @param ended called when the page has written its last part
 * @returns the text that the client had received after each flush, and the whole page
 */
async function reading(
  way: string,
  handlers: RequestHandler[],
  ended: () => void = () => {},
): Promise<{ read: string[]; page: string }> {
  const read: string[] = [];
  let page = '';
  let more: (() => void) | undefined;

  const app = express();
  app.use(...handlers, async (_req, res) => {
    const { flush, end } = ways[way]!(res);
    let flushed = 0;
    for (const text of FLUSHES) {
      flushed += text.length;
      flush(text);
      while (page.length < flushed) {
        await new Promise<void>((resolve) => {
          more = resolve;
        });
      }
      read.push(page);
    }
    end();
    ended();
  });
  await serving(http.createServer(app), async (url) => {
    const { body } = await open(url);
    for await (const chunk of body) {
      page += chunk;
      more?.();
    }
  });
  return { read, page };
}

/** Requests a page and returns the body as a stream, decompressed. */
async function open(url: string): Promise<{ request: http.ClientRequest; body: Readable }> {
  const request = http.get(url, { headers: { accept: 'text/html', 'accept-encoding': 'gzip' } });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  const zipped = response.headers['content-encoding'] === 'gzip';
  response.on('error', () => {});
  return { request, body: zipped ? response.pipe(createGunzip()) : response };
}
