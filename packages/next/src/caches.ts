/**
 * What is told to shared caches besides core's `Cache-Control`: the `headers()` of next.config and proxy.ts
 * override that one, and these two only where the app names them as well.
 */
export const NO_SHARED_CACHE: Readonly<Record<string, string>> = {
  'CDN-Cache-Control': 'no-store',
  'Surrogate-Control': 'no-store',
};
