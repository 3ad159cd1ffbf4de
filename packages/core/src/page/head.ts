import type { ServerResponse } from 'node:http';
import { header, type RequestLike } from '../request.js';

/** The headers of a response that has not been sent. */
export interface ResponseHeaders {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  append(name: string, value: string): void;
  /** Removes those that are there, by their lower-case names. */
  remove(names: ReadonlySet<string>): void;
  /** Makes what is said with these names the last word: whoever changes them from now on is not heard. */
  seal(names: ReadonlySet<string>): void;
}

/** The headers of a Node response, which Express and Koa write to. */
export function headersOf(res: ServerResponse): ResponseHeaders {
  return new NodeHeaders(res);
}

class NodeHeaders implements ResponseHeaders {
  readonly #res: ServerResponse;

  constructor(res: ServerResponse) {
    this.#res = res;
  }

  get(name: string): string | undefined {
    return this.#res.getHeader(name)?.toString();
  }

  set(name: string, value: string): void {
    this.#res.setHeader(name, value);
  }

  append(name: string, value: string): void {
    this.#res.appendHeader(name, value);
  }

  remove(names: ReadonlySet<string>): void {
    for (const name of this.#res.getHeaderNames()) {
      if (names.has(name)) this.#res.removeHeader(name);
    }
  }

  seal(names: ReadonlySet<string>): void {
    if (SEAL in this.#res) return;
    const { setHeader, appendHeader, removeHeader } = this.#res;
    Object.assign(this.#res, { [SEAL]: { names, below: { setHeader, appendHeader, removeHeader } } }, sealed);
  }
}

const SEAL = Symbol('chatwoot-identity');

type Change = (this: ServerResponse, name: string, ...value: unknown[]) => unknown;

interface Seal {
  readonly names: ReadonlySet<string>;
  readonly below: Record<keyof typeof sealed, Change>;
}

/** The same functions for every response: to V8, one with functions of its own is an object of a class of its own. */
const sealed = {
  setHeader: unlessSealed('setHeader'),
  appendHeader: unlessSealed('appendHeader'),
  removeHeader: unlessSealed('removeHeader'),
};

function unlessSealed(method: 'setHeader' | 'appendHeader' | 'removeHeader'): Change {
  return function unlessSealed(this: ServerResponse, name, ...value) {
    const { names, below } = (this as ServerResponse & { [SEAL]: Seal })[SEAL];
    return names.has(String(name).toLowerCase()) ? this : below[method].call(this, name, ...value);
  };
}

/** What an adapter knows of a response whose head is about to go out. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** Where the framework keeps a CSP nonce by custom. */
  readonly nonce?: unknown;
  /** True when it goes out at once, with nobody else to change it on the way. */
  readonly last?: boolean;
}

/** Whether a request may be answered with a page: it asks for one, or does not say what it wants. */
export function mayGetPage(request: RequestLike): boolean {
  const accept = header(request, 'accept');
  if (accept?.includes('text/html')) return true;
  if (accept !== undefined && !accept.includes('*/*')) return false;
  const destination = header(request, 'sec-fetch-dest');
  return destination === undefined || destination === 'document' || destination === 'iframe';
}

/**
 * Makes a request unconditional, so that no framework answers 304 for a page that another user was given.
 * Emptied, not deleted: deleting costs throughput on Node, and undefined is no header that a proxy could pass on.
 */
export function forgetValidators({ headers }: RequestLike): void {
  if (typeof headers.get === 'function') return;
  const record = headers as Record<string, unknown>;
  for (const name of ['if-none-match', 'if-modified-since']) {
    if (record[name] !== undefined) record[name] = '';
  }
}

/** UTF-16 and UTF-32 do not contain ASCII, which is what markup is written in. */
const HTML = /^\s*text\/html\s*(?:;(?!.*charset\s*=\s*"?utf-?(?:16|32))|$)/i;

/** Whether a response is HTML that a browser will show and that may be changed on the way. */
export function isPage({ status, headers }: ResponseHead): boolean {
  if (status < 200 || (status >= 300 && status < 400)) return false;
  if (status === 204 || status === 205 || status === 206) return false;
  if (!HTML.test(headers.get('content-type') ?? '')) return false;
  if (!/^\s*(?:identity\s*)?$/i.test(headers.get('content-encoding') ?? '')) return false;
  if (/^\s*attachment/i.test(headers.get('content-disposition') ?? '')) return false;
  return !/(?:^|,)\s*no-transform\s*(?:,|$)/i.test(headers.get('cache-control') ?? '');
}

/** What lets a browser, a proxy or a CDN keep a page or ask again with its validators. */
const CACHING: ReadonlySet<string> = new Set([
  'cache-control',
  'etag',
  'last-modified',
  'accept-ranges',
  'expires',
  'surrogate-control',
  'cdn-cache-control',
  'cloudflare-cdn-cache-control',
  'vercel-cdn-cache-control',
  'netlify-cdn-cache-control',
  'akamai-cache-control',
  'x-litespeed-cache-control',
  'edge-control',
  'x-accel-expires',
]);

/** Keeps a page that holds an identity out of every cache. */
export function forbidCaching(head: ResponseHead): void {
  decideCaching(head, { 'Cache-Control': 'private, no-store' });
}

/**
 * Sets an answer's headers and lets nobody else say how long it may be kept. Middlewares outside of ours do, after
 * the app, and those that listen for the head do at the very last moment (`on-headers`, and with it
 * express-cache-controller): a rule that was made for answers without anybody in them would have a proxy hand one
 * user's hash to the next.
 */
export function decideCaching(
  { headers, last }: Pick<ResponseHead, 'headers' | 'last'>,
  fields: Readonly<Record<string, string>>,
): void {
  headers.remove(CACHING);
  for (const [name, value] of Object.entries(fields)) headers.set(name, value);
  if (!last) headers.seal(CACHING);
}

/** What describes the bytes of the body as they were. */
const BODY: ReadonlySet<string> = new Set([
  'content-length',
  'content-md5',
  'digest',
  'content-digest',
  'repr-digest',
  'accept-ranges',
]);

/** Takes back what is no longer true of a body that markup is added to. */
export function changeBody(headers: ResponseHeaders): void {
  headers.remove(BODY);
  const etag = headers.get('etag');
  if (etag && !etag.startsWith('W/')) headers.set('ETag', `W/${etag}`);
}
