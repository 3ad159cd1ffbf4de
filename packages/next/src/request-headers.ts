import { headers } from 'next/headers.js';
import { connection } from 'next/server.js';

/** The part of a request that route handlers, server components and server actions all have. */
export interface ChatwootRequest {
  readonly headers: Headers;
}

/**
 * Returns the headers of the current request. Code that renders without a request, to be stored for the next one, fails
 * here, before `contact` is called:
 *
 * - `connection()` stops every kind of prerendering, and throws inside `'use cache'` and `unstable_cache`;
 * - under `dynamic = 'force-static'` it resolves, but `headers()` is then empty. Those of a real request never are,
 *   because Next.js adds `x-forwarded-*`.
 *
 * @throws {Error} what Next.js throws where there is no request, and under `force-static`
 */
export async function requestHeaders(): Promise<Headers> {
  await connection();
  const found = await headers();
  if (found.keys().next().done) {
    throw new Error(
      'chatwootIdentity: rendered without a request, so everybody would get the same identity. ' +
        "Remove dynamic = 'force-static' here, or use <ChatwootWidget> from @chatwoot-identity/next/client, which keeps the page static.",
    );
  }
  return found;
}
