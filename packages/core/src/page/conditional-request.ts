import { header, type RequestLike } from '../request.js';

/** Conditional request headers that can make an app respond to a page request with 304. */
const CONDITIONAL = ['if-none-match', 'if-modified-since'];

/** Returns true if a browser may display the response to this request as a page. */
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
 * Removes the conditional headers of a request for a page. With conditional headers, the app could respond
 * with 304 although the markup in the visitor's copy is out of date. Does not change requests for assets, and
 * does not change writes, because `If-None-Match: *` prevents a `PUT` from overwriting a resource.
 */
export function dropConditionalHeaders(request: RequestLike): void {
  if (!isRead(request) || !asksForPage(request) || typeof request.headers.get === 'function') return;
  const headers = request.headers as Record<string, unknown>;
  // Delete the header instead of emptying it: if the app is a proxy for Tomcat, Tomcat responds to an empty
  // If-None-Match with 400.
  for (const name of CONDITIONAL) if (headers[name] !== undefined) delete headers[name];
}

/**
 * Restores the app's original entity tags in `If-None-Match`. {@link tagETag} added a digest of the markup to
 * the ETag of each page. If no tag in the request contains the current digest, the visitor's copy has
 * outdated markup or no markup, so this function removes the conditional headers.
 *
 * @param digest the digest of the markup that would now be added to the page
 * @returns true if the visitor's copy of the page has exactly this markup
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
 * Restores the app's original entity tags in `If-Match`, the precondition of a write. The client received the
 * entity tags with a digest added by {@link tagETag}.
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
