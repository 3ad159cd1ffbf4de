import {
  beginsDocument,
  headersOf,
  isPage,
  type Page,
  type ResponseHead,
} from '@chatwoot-identity/core/adapter';
import type { Response } from 'express';
import { type Call, type IsPlain, stayOutermost, type Watch } from './outermost.js';

/** What core looks at and changes of an Express response. */
export function headOf(res: Response, last = false): ResponseHead {
  return { status: res.statusCode, nonce: res.locals?.cspNonce, headers: headersOf(res), last };
}

const NOTHING: Buffer = Buffer.alloc(0);
const LONG: number = 16 * 1024;
/** An ETag of no meaning, which never goes out. */
const NO_HASH = 'W/""';

/** What a head goes through. */
const HEAD = ['writeHead', 'write', 'end', 'flushHeaders'] as const;

type Callback = (error?: Error | null) => void;

/**
 * Lets a page's body go through its tail. Whatever writes it, `send`, `render`, `sendFile`, `pipe` or the app
 * itself, comes down to `writeHead`, `write` and `end`, and those are watched here.
 */
export function injectInto(res: Response, page: Page): void {
  new Injection(res, page);
}

class Injection implements Watch {
  readonly #res: Response;
  readonly #page: Page;
  readonly #isPlain: IsPlain;
  #head: 'open' | 'taken' | 'page' | 'other' = 'open';
  /** Whether any of the body has been written before its end. */
  #begun = false;
  #ending: Promise<void> | undefined;

  constructor(res: Response, page: Page) {
    this.#res = res;
    this.#page = page;
    this.#isPlain = stayOutermost(res, this);
  }

  /**
   * Express hashes what `send` is given for an ETag, and a page with an identity loses that again: for a long page the
   * dearest part of sending it. An ETag that is there already it leaves alone.
   */
  send(send: Call, args: unknown[]): unknown {
    const res = this.#res;
    const [body] = args;
    if (typeof body === 'string' && this.#page.wantsIdentity && !res.hasHeader('ETag') && isDocument(body)) {
      // As Express does it for text.
      if (!res.hasHeader('Content-Type')) res.setHeader('Content-Type', 'text/html; charset=utf-8');
      if (isPage(headOf(res))) res.setHeader('ETag', NO_HASH);
    }
    return send.apply(res, args);
  }

  writeHead(writeHead: Call, args: unknown[]): unknown {
    const res = this.#res;
    // One that was taken can be said anew: to everybody else it has not been sent.
    if (this.#head === 'taken') this.#head = 'open';
    if (this.#head !== 'open' || res.headersSent || !takeHead(res, args)) return writeHead.apply(res, args);
    this.#head = 'taken';
    return res;
  }

  /**
   * Node's own `write` and `end` ask for the head with this. Before any body was seen here, it goes past us, by a
   * method that somebody had kept: then nothing may be taken, for Node sends what it has at once.
   */
  _implicitHeader(implicitHeader: Call): void {
    if (this.#head === 'open') this.#leave();
    implicitHeader.call(this.#res);
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
    this.#begun = true;
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
    if (bytes) this.#begin(bytes, true);
    if (!bytes || this.#head !== 'page') return end.apply(res, args);

    // What is written from here on is finished; some servers' end() writes through res.write.
    this.#head = 'other';
    uncork(res);
    const front = page.tail.push(bytes);
    const markup = page.markup();
    if (typeof markup === 'string') {
      let rest = page.tail.end(markup);
      if (!this.#begun && mayHaveLength(res)) res.setHeader('Content-Length', front.length + rest.length);
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
    const last = HEAD.every(this.#isPlain);
    const begun = !res.headersSent && this.#page.begin(headOf(res, last), bytes && { bytes, complete });
    if (begun) this.#head = 'page';
    else this.#leave();
    if (taken && !begun) res.writeHead(res.statusCode);
  }

  /** What is no page goes out as it is. */
  #leave(): void {
    this.#head = 'other';
    if (this.#res.getHeader('ETag') === NO_HASH) this.#res.removeHeader('ETag');
  }
}

/** Whether a text begins as nearly all documents do. */
function isDocument(text: string): boolean {
  return beginsDocument(Buffer.from(text.slice(0, 16))) === true;
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
    flat[2 * index + 1] as string | string[],
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

const [MAJOR] = process.versions.node.split('.').map(Number);

/**
 * Node 22 and 24 send the last chunk of a corked chunked response before the ones that wait. Others do not, and
 * count the cork of their own there, which joins what is written into one packet.
 */
function uncork(res: Response): void {
  if (MAJOR === 20 || MAJOR! > 25) return;
  for (let corked = res.writableCorked; corked > 0; corked--) res.uncork();
}
