import { header, type RequestLike } from '../request.js';

/**
 * Returns true if the page may contain an identity, because only the visitor will see the response. A
 * top-level navigation may receive an identity; a prefetch, an iframe or a `fetch()` by any site must not.
 *
 * Browsers set the `Sec-Fetch-*` headers, and pages cannot forge them (Fetch Metadata). Older browsers do not
 * send `Sec-Fetch-*` headers, and no browser sends them over plain HTTP. In requests without these headers,
 * `Origin` indicates a cross-origin `fetch()`.
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
