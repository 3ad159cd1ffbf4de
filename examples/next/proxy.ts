import { type NextRequest, NextResponse } from 'next/server';

/** A nonce for each request: only for dynamic pages, since a static page's scripts can have none. */
export const config = { matcher: '/account' };

export function proxy(request: NextRequest): NextResponse {
  const chatwoot = process.env.CHATWOOT_BASE_URL;
  const nonce = Buffer.from(crypto.randomUUID()).toString('base64');
  const policy = [
    "default-src 'self'",
    // React needs eval in development alone.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${process.env.NODE_ENV === 'development' ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'", // Chatwoot's SDK adds styles without a nonce (chatwoot/chatwoot#8892)
    'img-src * data:',
    `frame-src ${chatwoot}`,
    `connect-src 'self' ${chatwoot}`,
  ].join('; ');

  const headers = new Headers(request.headers);
  headers.set('Content-Security-Policy', policy); // Next.js takes the nonce of its own scripts from here
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('Content-Security-Policy', policy);
  return response;
}
