import { type NextRequest, NextResponse } from 'next/server';

/**
 * Adds a nonce to the requests of dynamic pages only, because the scripts of a static page cannot have a
 * nonce.
 */
export const config = { matcher: '/account' };

export function proxy(request: NextRequest): NextResponse {
  const chatwoot = process.env.CHATWOOT_BASE_URL;
  const nonce = Buffer.from(crypto.randomUUID()).toString('base64');
  const policy = [
    "default-src 'self'",
    // React needs eval only in development.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${process.env.NODE_ENV === 'development' ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'", // Chatwoot's SDK adds styles without a nonce (chatwoot/chatwoot#8892)
    'img-src * data:',
    `frame-src ${chatwoot}`,
    `connect-src 'self' ${chatwoot}`,
  ].join('; ');

  const headers = new Headers(request.headers);
  headers.set('Content-Security-Policy', policy); // Next.js reads the nonce for its own scripts from this header
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('Content-Security-Policy', policy);
  return response;
}
