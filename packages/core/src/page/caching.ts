import type { PendingResponse } from './response-headers.js';

/**
 * Names of headers that let a browser, a proxy or a CDN store or revalidate a response. {@link
 * isCachingHeader} matches further names by a pattern.
 */
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

/**
 * Returns true for a header that lets a cache store or revalidate a response, such as `Cache-Control`,
 * `Fastly-CDN-Cache-Control` or `ETag`.
 */
export function isCachingHeader(name: string): boolean {
  return CACHING.has(name) || /(?:^|-)cache-control$/.test(name);
}

/**
 * Headers that prevent shared caches from storing a response, in addition to `Cache-Control`. In Next.js,
 * `headers()` in next.config and proxy.ts override `Cache-Control`, but override `CDN-Cache-Control` and
 * `Surrogate-Control` only if the app names them there.
 */
export const NO_SHARED_CACHE: Readonly<Record<string, string>> = {
  'CDN-Cache-Control': 'no-store',
  'Surrogate-Control': 'no-store',
};

/** Headers that prevent every cache from storing a response. */
export const NEVER_CACHED: Readonly<Record<string, string>> = {
  'Cache-Control': 'private, no-store',
  ...NO_SHARED_CACHE,
};

/** Prevents every cache from storing a response that contains an identity. */
export function preventCaching(response: Pick<PendingResponse, 'headers' | 'final'>): void {
  replaceHeaders(response, { 'Cache-Control': 'private, no-store' }, isCachingHeader);
}

/**
 * Sets the headers of the identity endpoint's response. Removes the CORS headers that middleware may have set
 * for the whole app, because only `allowedOrigins` decides which sites may read an identity.
 */
export function setEndpointHeaders(
  response: Pick<PendingResponse, 'headers' | 'final'>,
  fields: Readonly<Record<string, string>>,
): void {
  replaceHeaders(response, fields, (name) => isCachingHeader(name) || name.startsWith('access-control-'));
}

/**
 * Replaces the matching headers and locks them. Without the lock, middleware mounted before this package
 * could set caching headers after the app has finished, or just before the headers are sent (`on-headers`,
 * `express-cache-controller`). A caching rule for anonymous pages could then let a proxy serve one user's
 * hash to another user.
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

/** Removes the headers that describe the original body, because markup will be added to the body. */
export function dropBodyHeaders({ headers }: Pick<PendingResponse, 'headers'>): void {
  headers.remove((name) => BODY.has(name));
}
