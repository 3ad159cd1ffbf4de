/**
 * Headers for shared caches, in addition to `Cache-Control`. `headers()` in next.config and proxy.ts override
 * `Cache-Control`; they override these two only if the app sets them there.
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
