const NO_STORE = /(^|[\s,])no-store($|[\s,])/i;

/** True if the answer forbids caches to store it. */
export function forbidsStoring(headers: Headers): boolean {
  return NO_STORE.test(headers.get('cache-control') ?? '');
}

/** True for headers of CDNs (RFC 9213) and nginx that allow storing and override Cache-Control. */
export function allowsSharedCache([name, value]: [string, string]): boolean {
  if (name === 'x-accel-expires') return value !== '0';
  const isTargeted = /^(.+-)?cdn-cache-control$|^surrogate-control$/.test(name);
  return isTargeted && !NO_STORE.test(value) && /\bpublic\b|max-?age=[1-9]/i.test(value);
}
