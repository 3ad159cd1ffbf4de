import type { PendingResponse } from './response-headers.js';

/** Headers that let a browser, a proxy or a CDN store a response or revalidate it, besides those that {@link isCachingHeader} matches by pattern. */
const CACHING: ReadonlySet<string> = new Set([
  'etag',
  'last-modified',
  'accept-ranges',
  'expires',
  'pragma',
  'surrogate-control',
  'edge-control',
  'x-accel-expires',
]);

/** True for `Cache-Control`, each vendor's form of it (`CDN-Cache-Control`, `Fastly-CDN-Cache-Control`) and the validators. */
export function isCachingHeader(name: string): boolean {
  return CACHING.has(name) || /(?:^|-)cache-control$/.test(name);
}

/**
 * Headers for shared caches, in addition to `Cache-Control`. In Next.js, `headers()` in next.config and proxy.ts
 * override `Cache-Control`; they override these two only if the app sets them there.
 */
export const NO_SHARED_CACHE: Readonly<Record<string, string>> = {
  'CDN-Cache-Control': 'no-store',
  'Surrogate-Control': 'no-store',
};

/** Headers that keep a response out of every cache. */
export const NEVER_CACHED: Readonly<Record<string, string>> = {
  'Cache-Control': 'private, no-store',
  ...NO_SHARED_CACHE,
};

/** Keeps a response that contains an identity out of every cache. */
export function preventCaching(response: Pick<PendingResponse, 'headers' | 'final'>): void {
  replaceHeaders(response, { 'Cache-Control': 'private, no-store' }, isCachingHeader);
}

/**
 * Sets the headers of the endpoint's response. Middleware may have set CORS headers for the whole app: they are removed,
 * because `allowedOrigins` alone decides which sites may read an identity.
 */
export function setEndpointHeaders(
  response: Pick<PendingResponse, 'headers' | 'final'>,
  fields: Readonly<Record<string, string>>,
): void {
  replaceHeaders(response, fields, (name) => isCachingHeader(name) || name.startsWith('access-control-'));
}

/**
 * Replaces the headers that match, and locks them. Middleware mounted outside ours may set caching headers after the app
 * has finished, or just before the headers are sent (`on-headers`, `express-cache-controller`). A rule written for
 * anonymous pages could then let a proxy serve one user's hash to another.
 */
function replaceHeaders(
  { headers, final }: Pick<PendingResponse, 'headers' | 'final'>,
  fields: Readonly<Record<string, string>>,
  matches: (name: string) => boolean,
): void {
  headers.remove(matches);
  for (const [name, value] of Object.entries(fields)) headers.set(name, value);
  if (!final) headers.lock(matches);
}

/** Headers that describe the bytes of the body. */
const BODY: ReadonlySet<string> = new Set([
  'content-length',
  'content-md5',
  'digest',
  'content-digest',
  'repr-digest',
  'accept-ranges',
]);

/** Removes the headers that describe the original body, because markup is about to be added. */
export function dropBodyHeaders({ headers }: Pick<PendingResponse, 'headers'>): void {
  headers.remove((name) => BODY.has(name));
}
