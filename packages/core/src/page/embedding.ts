import { header, type RequestLike } from '../request.js';

/**
 * True if only the visitor will see the response: a top-level navigation, not a prefetch, an iframe, a `fetch()` or another
 * site's request. Only such a page may contain an identity.
 *
 * Browsers set `Sec-Fetch-*` and pages cannot forge it (Fetch Metadata). Without it, in older browsers and over plain
 * http, every cross-origin `fetch()` still sends `Origin`.
 */
export function mayEmbedIdentity(request: RequestLike): boolean {
  if (header(request, 'sec-purpose') !== undefined) return false;
  if (header(request, 'purpose')?.includes('prefetch')) return false;
  const mode = header(request, 'sec-fetch-mode');
  const destination = header(request, 'sec-fetch-dest');
  if (mode !== undefined || destination !== undefined)
    return mode === 'navigate' && destination === 'document';
  const { method = 'GET' } = request;
  return (
    method === 'GET' &&
    header(request, 'origin') === undefined &&
    (header(request, 'accept')?.includes('text/html') ?? false)
  );
}
