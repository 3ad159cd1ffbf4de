const NO_STORE = /(^|[\s,])no-store($|[\s,])/i;

/** Returns true if the headers forbid all caches to store the response. */
export function forbidsStoring(headers: Headers): boolean {
  return NO_STORE.test(headers.get('cache-control') ?? '');
}

/**
 * Returns true for a header of a CDN (RFC 9213) or of nginx that allows storing and overrides Cache-Control.
 */
export function allowsSharedCache([name, value]: [string, string]): boolean {
  if (name === 'x-accel-expires') return value !== '0';
  const isTargeted = /^(.+-)?cdn-cache-control$|^surrogate-control$/.test(name);
  return isTargeted && !NO_STORE.test(value) && /\bpublic\b|max-?age=[1-9]/i.test(value);
}
