import { headers } from 'next/headers.js';
import { connection } from 'next/server.js';

/** The part of a request that is available in route handlers, server components and server actions. */
export interface ChatwootRequest {
  /** The request headers. */
  readonly headers: Headers;
}

/**
 * Returns the headers of the current request. Throws before `contact` is called if there is no request, because Next.js
 * could store the rendered identity and serve it to other visitors. Two checks detect a missing request:
 *
 * - `connection()` stops every kind of prerendering, and throws inside `'use cache'` and `unstable_cache`.
 * - `headers()` returns no headers under `dynamic = 'force-static'`, where `connection()` does not throw. A real
 *   request always has headers, because Next.js adds `x-forwarded-*`.
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
