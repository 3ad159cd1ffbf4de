import { headersOf, LONGEST_PROLOGUE, type Page, type ResponseHead } from '@chatwoot-identity/core/adapter';
import type { Response } from 'express';
import { type Call, stayOutermost, type Watch } from './outermost.js';

/** What core looks at and changes of an Express response. */
export function headOf(res: Response): ResponseHead {
  return { status: res.statusCode, nonce: res.locals?.cspNonce, headers: headersOf(res) };
}

const NOTHING: Buffer = Buffer.alloc(0);
const LONG: number = 16 * 1024;

type Callback = (error?: Error | null) => void;

/**
 * Lets a page's body go through its tail. Whatever writes it, `send`, `render`, `sendFile`, `pipe` or the app
 * itself, comes down to `writeHead`, `write` and `end`, and those are watched here.
 */
export function injectInto(res: Response, page: Page): Page {
  stayOutermost(res, new Injection(res, page));
  return page;
}

class Injection implements Watch {
  readonly #res: Response;
  readonly #page: Page;
  #head: 'open' | 'taken' | 'page' | 'other' = 'open';
  /** Takes back what `send` said of the page. */
  #sent: (() => void) | undefined;
  #ending: Promise<void> | undefined;

  constructor(res: Response, page: Page) {
    this.#res = res;
    this.#page = page;
  }

  /**
   * Express hashes what `send` is given for an ETag, and a page with an identity loses it again: for a long page
   * the dearest part of sending it. So such a page has one, of no meaning, while it passes through `send`.
   */
  send(send: Call, args: unknown[]): unknown {
    const res = this.#res;
    const [body] = args;
    if (typeof body === 'string' && this.#page.wantsIdentity && res.req.method !== 'HEAD') {
      // As Express does it for text.
      if (!res.hasHeader('Content-Type')) res.type('html');
      // A page that has begun is sealed, and these can change it still.
      const { setHeader, removeHeader } = res;
      this.#begin(Buffer.from(body.slice(0, LONGEST_PROLOGUE)), body.length <= LONGEST_PROLOGUE);
      if (this.#head === 'page') {
        setHeader.call(res, 'ETag', 'W/""');
        this.#sent = () => {
          removeHeader.call(res, 'ETag');
          removeHeader.call(res, 'Content-Length');
        };
      }
    }
    return send.apply(res, args);
  }

  writeHead(writeHead: Call, args: unknown[]): unknown {
    const res = this.#res;
    if (this.#head !== 'open' || res.headersSent || !takeHead(res, args)) return writeHead.apply(res, args);
    this.#head = 'taken';
    return res;
  }

  flushHeaders(flushHeaders: Call): void {
    this.#begin();
    flushHeaders.call(this.#res);
  }

  write(write: Call, args: unknown[]): unknown {
    const res = this.#res;
    const [chunk, encoding, callback] = chunkAndCallback(args);
    const bytes = toBuffer(chunk, encoding);
    if (bytes) this.#begin(bytes);
    if (this.#ending) {
      void this.#ending.then(() => write.apply(res, args));
      return false;
    }
    if (!bytes || this.#head !== 'page') return write.apply(res, args);
    return write.call(res, this.#page.tail.push(bytes), callback);
  }

  end(end: Call, args: unknown[]): unknown {
    const res = this.#res;
    const page = this.#page;
    if (this.#ending) {
      void this.#ending.then(() => end.apply(res, args));
      return res;
    }
    const [chunk, encoding, callback] = chunkAndCallback(args);
    const bytes = chunk === undefined || chunk === null ? NOTHING : toBuffer(chunk, encoding);
    const whole = this.#head !== 'page' || this.#sent !== undefined;
    if (bytes) this.#begin(bytes, true);
    if (!bytes || this.#head !== 'page') return end.apply(res, args);

    // What is written from here on is finished; some servers' end() writes through res.write.
    this.#head = 'other';
    this.#sent?.();
    uncork(res);
    const front = page.tail.push(bytes);
    const markup = page.markup();
    if (typeof markup === 'string') {
      let rest = page.tail.end(markup);
      if (whole && mayHaveLength(res)) res.setHeader('Content-Length', front.length + rest.length);
      // One write is cheaper than two, until the copy that it takes is dearer.
      if (front.length > LONG) res.write(front);
      else rest = Buffer.concat([front, rest]);
      end.call(res, rest, callback);
    } else {
      // The identity is still on its way: the head and all but the ending go out without it.
      res.write(front);
      this.#ending = markup.then((markup) => {
        this.#ending = undefined;
        end.call(res, page.tail.end(markup), callback);
      });
    }
    return res;
  }

  #begin(bytes?: Buffer, complete = false): void {
    if (this.#head === 'page' || this.#head === 'other') return;
    const res = this.#res;
    const taken = this.#head === 'taken';
    const isPage = !res.headersSent && this.#page.begin(headOf(res), bytes && { bytes, complete });
    this.#head = isPage ? 'page' : 'other';
    if (taken && !isPage) res.writeHead(res.statusCode);
  }
}

/**
 * Takes over an explicit `writeHead` for HTML, in any of its forms, so that the head goes out with the first
 * bytes of the body, when it is known whether they begin a document.
 */
function takeHead(res: Response, args: readonly unknown[]): boolean {
  const [status, ...rest] = args;
  const message = typeof rest[0] === 'string' ? rest[0] : undefined;
  const fields = fieldsOf(message === undefined ? (rest[0] ?? rest[1]) : rest[1]);
  const type =
    fields.findLast(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? res.getHeader('content-type');
  if (!Number.isInteger(status) || !/^\s*text\/html/i.test(String(type))) return false;
  res.statusCode = status as number;
  if (message !== undefined) res.statusMessage = message;
  for (const [name] of fields) res.removeHeader(name);
  for (const [name, value] of fields) res.appendHeader(name, value);
  return true;
}

/** Node takes headers as an object or as a flat list of names and values. */
function fieldsOf(headers: unknown): [name: string, value: string | string[]][] {
  const flat: unknown[] = Array.isArray(headers) ? headers : Object.entries(headers ?? {}).flat(1);
  return Array.from({ length: Math.floor(flat.length / 2) }, (_, index) => [
    String(flat[2 * index]),
    Array.isArray(flat[2 * index + 1]) ? (flat[2 * index + 1] as string[]) : String(flat[2 * index + 1]),
  ]);
}

/** Sorts out `(chunk?, encoding?, callback?)`, each of which may be left out. */
function chunkAndCallback([first, second, third]: readonly unknown[]): [
  chunk: unknown,
  encoding: unknown,
  callback: Callback | undefined,
] {
  if (typeof first === 'function') return [undefined, undefined, first as Callback];
  if (typeof second === 'function') return [first, undefined, second as Callback];
  return [first, second, typeof third === 'function' ? (third as Callback) : undefined];
}

/** The bytes of a chunk; undefined for what Node itself is to refuse. */
function toBuffer(chunk: unknown, encoding: unknown): Buffer | undefined {
  if (Buffer.isBuffer(chunk)) return chunk;
  if (typeof chunk === 'string')
    return Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
  if (chunk instanceof Uint8Array) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  return undefined;
}

function mayHaveLength(res: Response): boolean {
  return !res.headersSent && !res.hasHeader('Trailer') && !res.hasHeader('Transfer-Encoding');
}

/** Node 22 and 24 send the last chunk of a corked chunked response before the ones that wait. */
function uncork(res: Response): void {
  for (let corked = res.writableCorked; corked > 0; corked--) res.uncork();
}
