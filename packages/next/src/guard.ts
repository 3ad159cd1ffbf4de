import { headers } from 'next/headers.js';
import { connection } from 'next/server.js';

/** What there is of a request in a route handler, a server component and a server action alike. */
export interface ChatwootRequest {
  readonly headers: Headers;
}

/**
 * The headers of the one request that is being answered. Whatever is rendered without a request, and would be
 * kept for the next one, ends here, before anybody asks who is signed in:
 *
 * - `connection()` stops every kind of prerendering and throws inside `'use cache'` and `unstable_cache`;
 * - `dynamic = 'force-static'` makes it answer all the same, but leaves `headers()` empty, which those of a real
 *   request never are: Next.js adds `x-forwarded-*` by itself.
 *
 * @throws what Next.js throws where there is no request, and {@link Error} under `force-static`
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
