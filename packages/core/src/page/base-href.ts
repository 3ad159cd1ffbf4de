import { type AdapterRequest, header } from '../request.js';

/** Matches `<base>` tags of at most 1,000 characters. */
const BASE = /<base\s[^<>]{0,1000}/gi;
/** Matches an `href` attribute that names a host. */
const OTHER_HOST = /\shref\s*=\s*(?:["']\s*)?(?:[a-z][a-z\d+.-]*:)?[/\\]{2}/i;

/**
 * Returns true if a document's `<base href>` makes URLs that begin with `/` resolve to another host.
 *
 * @param beginning the first bytes of the document, decoded as Latin-1
 */
export function hasBaseOnOtherHost(beginning: string): boolean {
  // Fast path: `includes` is several times faster than the expression, and most documents have no such tag.
  if (!beginning.includes('base') && !beginning.includes('BASE')) return false;
  return beginning.match(BASE)?.some((tag) => OTHER_HOST.test(tag)) ?? false;
}

/**
 * Returns the host that the browser requested, with its port. Does not use `X-Forwarded-Host`: an attacker
 * could use this header to choose the host of the script in other visitors' pages, because it is not part of
 * the cache keys of shared caches.
 *
 * @returns the host, or undefined if it is not a plain host name or IP address
 */
export function hostOf(request: AdapterRequest): string | undefined {
  const host = request.authority ?? header(request, ':authority') ?? header(request, 'host') ?? '';
  return /^(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i.test(host) ? host : undefined;
}
