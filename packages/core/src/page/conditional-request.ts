import { header, type RequestLike } from '../request.js';

/** Conditional request headers that can turn a page into a 304. */
const CONDITIONAL = ['if-none-match', 'if-modified-since'];

/** True for a request whose response a browser may display as a page. */
export function asksForPage(request: RequestLike): boolean {
  return (
    header(request, 'sec-fetch-mode') === 'navigate' ||
    (header(request, 'accept')?.includes('text/html') ?? false)
  );
}

function isRead({ method = 'GET' }: RequestLike): boolean {
  return method === 'GET' || method === 'HEAD';
}

/**
 * Makes a request for a page unconditional, so that the app does not answer 304 if the visitor's copy has different
 * markup. Requests for assets keep their headers, and so do writes: `If-None-Match: *` prevents a `PUT` from
 * overwriting.
 */
export function dropConditionalHeaders(request: RequestLike): void {
  if (!isRead(request) || !asksForPage(request) || typeof request.headers.get === 'function') return;
  const headers = request.headers as Record<string, unknown>;
  // Deleted rather than emptied: if the app is a proxy, Tomcat answers an empty If-None-Match with 400.
  for (const name of CONDITIONAL) if (headers[name] !== undefined) delete headers[name];
}

/**
 * Restores the app's own entity tags in `If-None-Match`. The ETag of a page that we sent contains a digest of its
 * markup, see {@link tagETag}. If no entry contains the current digest, the visitor's copy has different markup or
 * none, and the request is made unconditional.
 *
 * @param digest the digest of the markup that the page would get now
 * @returns true if the visitor has a page with exactly this markup
 */
export function restoreETags(request: RequestLike, digest: string): boolean {
  const ifNoneMatch = header(request, 'if-none-match');
  if (ifNoneMatch !== undefined && isRead(request) && typeof request.headers.get !== 'function') {
    const suffix = `-cw${digest}"`;
    const own = (ifNoneMatch.match(/(?:W\/)?"[^"]*"/g) ?? []).filter((tag) => tag.endsWith(suffix));
    if (own.length > 0) {
      const tags = own.map((tag) => `${tag.slice(0, -suffix.length)}"`);
      (request.headers as Record<string, unknown>)['if-none-match'] = tags.join(', ');
      return true;
    }
  }
  dropConditionalHeaders(request);
  return false;
}

/**
 * Restores the app's own entity tags in `If-Match`, which guards a write. The visitor received these tags with a
 * digest.
 */
export function restoreIfMatch(request: RequestLike): void {
  const ifMatch = header(request, 'if-match');
  if (ifMatch === undefined || typeof request.headers.get === 'function') return;
  (request.headers as Record<string, unknown>)['if-match'] = ifMatch.replaceAll(/-cw[0-9a-f]{8}"/g, '"');
}

/** Adds the markup's digest to an entity tag: `"abc"` becomes `"abc-cw<digest>"`. */
export function tagETag(etag: string, digest: string): string {
  return etag.endsWith('"') ? `${etag.slice(0, -1)}-cw${digest}"` : etag;
}
