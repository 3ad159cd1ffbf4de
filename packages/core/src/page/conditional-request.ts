import { header, type RequestLike } from '../request.js';

/** Conditional request headers that can turn a page into a 304. */
const CONDITIONAL = ['if-none-match', 'if-modified-since'];

/** True for a request of which a browser may show the response as a page. */
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
 * Makes a request for a page unconditional, so that the app does not answer 304 for a page with other markup. Requests for
 * assets keep their headers, and so do writes: a `PUT` with `If-None-Match: *` must not overwrite.
 */
export function dropConditionalHeaders(request: RequestLike): void {
  if (!isRead(request) || !asksForPage(request) || typeof request.headers.get === 'function') return;
  const headers = request.headers as Record<string, unknown>;
  // Deleted, not emptied: an empty If-None-Match is a 400 from Tomcat, if the app is a proxy.
  for (const name of CONDITIONAL) if (headers[name] !== undefined) delete headers[name];
}

/**
 * Restores the app's own entity tags in `If-None-Match`: a page that we sent has {@link tagETag}'s digest in its ETag. If
 * no entry has this digest, the visitor's copy has other markup or none, and the request becomes unconditional.
 *
 * @param digest names the markup that the page would get now
 * @returns true if the visitor has a page with this very markup
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
 * Restores the app's own entity tags in `If-Match`, which guards a write: the visitor has them with a digest.
 */
export function restoreIfMatch(request: RequestLike): void {
  const ifMatch = header(request, 'if-match');
  if (ifMatch === undefined || typeof request.headers.get === 'function') return;
  (request.headers as Record<string, unknown>)['if-match'] = ifMatch.replaceAll(/-cw[0-9a-f]{8}"/g, '"');
}

/** Mixes the markup's digest into an entity tag: `"abc"` becomes `"abc-cw<digest>"`. */
export function tagETag(etag: string, digest: string): string {
  return etag.endsWith('"') ? `${etag.slice(0, -1)}-cw${digest}"` : etag;
}
