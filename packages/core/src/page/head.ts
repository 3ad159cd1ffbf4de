import type { ServerResponse } from 'node:http';
import { header, type RequestLike } from '../request.js';

/** The headers of a response that has not been sent. */
export interface ResponseHeaders {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  append(name: string, value: string): void;
  remove(name: string): void;
  /** Makes what is said with these names the last word: whoever changes them from now on is not heard. */
  seal(names: readonly string[]): void;
}

/** The headers of a Node response, which Express and Koa write to. */
export function headersOf(res: ServerResponse): ResponseHeaders {
  return {
    get: (name) => res.getHeader(name)?.toString(),
    set: (name, value) => void res.setHeader(name, value),
    append: (name, value) => void res.appendHeader(name, value),
    remove: (name) => res.removeHeader(name),
    seal(names) {
      const sealed = new Set(names.map((name) => name.toLowerCase()));
      for (const method of ['setHeader', 'appendHeader', 'removeHeader'] as const) {
        const change = res[method] as (this: ServerResponse, name: string, ...value: unknown[]) => unknown;
        Object.assign(res, {
          [method]: (name: string, ...value: unknown[]) =>
            sealed.has(String(name).toLowerCase()) ? res : change.call(res, name, ...value),
        });
      }
    },
  };
}

/** What an adapter knows of a response whose head is about to go out. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** Where the framework keeps a CSP nonce by custom. */
  readonly nonce?: unknown;
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
const CACHING = [
  'Cache-Control',
  'ETag',
  'Last-Modified',
  'Accept-Ranges',
  'Expires',
  'Surrogate-Control',
  'CDN-Cache-Control',
  'Cloudflare-CDN-Cache-Control',
  'Vercel-CDN-Cache-Control',
  'Netlify-CDN-Cache-Control',
  'Edge-Control',
  'X-Accel-Expires',
];

/** Keeps a page that holds an identity out of every cache. */
export function forbidCaching(headers: ResponseHeaders): void {
  for (const name of CACHING) headers.remove(name);
  headers.set('Cache-Control', 'private, no-store');
  sealCaching(headers);
}

/**
 * Lets nobody else say how long an answer may be kept. Middlewares outside of ours do, after the app, and those
 * that listen for the head do at the very last moment (`on-headers`, and with it express-cache-controller): a rule
 * that was made for pages without anybody in them would have a proxy hand one user's hash to the next.
 */
export function sealCaching(headers: ResponseHeaders): void {
  headers.seal(CACHING);
}

/** What describes the bytes of the body as they were. */
const BODY = ['Content-Length', 'Content-MD5', 'Digest', 'Content-Digest', 'Repr-Digest', 'Accept-Ranges'];

/** Takes back what is no longer true of a body that markup is added to. */
export function changeBody(headers: ResponseHeaders): void {
  for (const name of BODY) headers.remove(name);
  const etag = headers.get('etag');
  if (etag && !etag.startsWith('W/')) headers.set('ETag', `W/${etag}`);
}
