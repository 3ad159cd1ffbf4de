import { headersOf, type Page, type ResponseHead } from '@chatwoot-identity/core/adapter';
import type { Response } from 'express';
import { stayOutermost } from './outermost.js';

/** What core looks at and changes of an Express response. */
export function headOf(res: Response): ResponseHead {
  return { status: res.statusCode, nonce: res.locals?.cspNonce, headers: headersOf(res) };
}

const NOTHING: Buffer = Buffer.alloc(0);

type Callback = (error?: Error | null) => void;

/**
 * Lets a page's body go through its tail. Whatever writes it, `send`, `render`, `sendFile`, `pipe` or the app
 * itself, comes down to `writeHead`, `write` and `end`, and those are watched here.
 */
export function injectInto(res: Response, page: Page): Page {
  let head: 'open' | 'taken' | 'page' | 'other' = 'open';
  let ending: Promise<void> | undefined;

  const writeHead = stayOutermost(res, 'writeHead', (writeHead, args) => {
    if (head !== 'open' || res.headersSent || !takeHead(res, args)) return writeHead(...args);
    head = 'taken';
    return res;
  });

  function begin(bytes?: Buffer, complete = false): void {
    if (head === 'page' || head === 'other') return;
    const taken = head === 'taken';
    head = !res.headersSent && page.begin(headOf(res), bytes && { bytes, complete }) ? 'page' : 'other';
    if (taken && head === 'other') writeHead(res.statusCode);
  }

  stayOutermost(res, 'flushHeaders', (flushHeaders) => {
    begin();
    flushHeaders();
  });

  const write = stayOutermost(res, 'write', (write, args) => {
    const [chunk, encoding, callback] = chunkAndCallback(args);
    const bytes = toBuffer(chunk, encoding);
    if (bytes) begin(bytes);
    if (ending) {
      void ending.then(() => write(...args));
      return false;
    }
    return bytes && head === 'page' ? write(page.tail.push(bytes), callback) : write(...args);
  });

  stayOutermost(res, 'end', (end, args) => {
    if (ending) {
      void ending.then(() => end(...args));
      return res;
    }
    const [chunk, encoding, callback] = chunkAndCallback(args);
    const bytes = chunk === undefined || chunk === null ? NOTHING : toBuffer(chunk, encoding);
    const whole = head !== 'page';
    if (bytes) begin(bytes, true);
    if (!bytes || head !== 'page') return end(...args);

    const front = page.tail.push(bytes);
    const finish = (front: Buffer, markup: string): void => {
      // Some servers' end() writes through res.write: what it writes is finished.
      head = 'other';
      ending = undefined;
      uncork(res);
      const rest = Buffer.concat([front, page.tail.end(markup)]);
      if (whole && mayHaveLength(res)) res.setHeader('Content-Length', rest.length);
      end(rest, callback);
    };
    const markup = page.markup();
    if (typeof markup === 'string') {
      finish(front, markup);
      return res;
    }
    // The identity is still on its way: the head and all but the ending go out without it.
    uncork(res);
    write(front);
    ending = markup.then((markup) => finish(NOTHING, markup));
    return res;
  });

  return page;
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
function chunkAndCallback(
  args: readonly unknown[],
): [chunk: unknown, encoding: unknown, callback: Callback | undefined] {
  const callback = args.find((arg) => typeof arg === 'function') as Callback | undefined;
  const [chunk, encoding] = args.filter((arg) => typeof arg !== 'function');
  return [chunk, encoding, callback];
}

/** The bytes of a chunk; undefined for what Node itself is to refuse. */
function toBuffer(chunk: unknown, encoding: unknown): Buffer | undefined {
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
