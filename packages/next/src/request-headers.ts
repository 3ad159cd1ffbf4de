import { headers } from 'next/headers.js';
import { connection } from 'next/server.js';

/** The part of a request that route handlers, server components and server actions all have. */
export interface ChatwootRequest {
  /** The request headers. */
  readonly headers: Headers;
}

/**
 * Returns the headers of the current request. Code that renders without a request fails here, before `contact` is
 * called, because its result could be stored and served to other visitors:
 *
 * - `connection()` stops every kind of prerendering, and throws inside `'use cache'` and `unstable_cache`;
 * - under `dynamic = 'force-static'` it resolves, but `headers()` is then empty. A real request always has headers,
 *   because Next.js adds `x-forwarded-*`.
 *
 * @throws {Error} Next.js's error if there is no request; this package's error under `force-static`
 */
export async function requestHeaders(): Promise<Headers> {
  await connection();
  const found = await headers();
  if (found.keys().next().done) {
    throw new Error(
      'chatwootIdentity: rendered without a request, so every visitor would get the same identity. ' +
        "Remove dynamic = 'force-static' from this route, or use <ChatwootWidget> from @chatwoot-identity/next/client, which keeps the page static.",
    );
  }
  return found;
}
