import { cookies, headers } from 'next/headers.js';
import { connection, NextRequest } from 'next/server.js';

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

/**
 * Returns the headers of the current request with the cookies as they are now. Next.js renders the page of a server
 * action with the request of that action: `cookies()` then has the cookies that the action has set, but `headers()` still
 * has the earlier ones, which belong to the user before the login or logout.
 *
 * @throws {Error} as {@link requestHeaders}
 */
export async function currentHeaders(): Promise<Headers> {
  const found = await requestHeaders();
  const jar = await cookies();
  const header = found.get('cookie') ?? '';
  if (jar.toString() === header) return found;

  const sent = new NextRequest('http://localhost', { headers: { cookie: header } }).cookies;
  const changed = jar.getAll().filter(({ name, value }) => sent.get(name)?.value !== value);
  const removed = sent.getAll().filter(({ name }) => !jar.has(name));
  const names = new Set([...changed, ...removed].map(({ name }) => name));
  if (names.size === 0) return found; // only written in another way

  // All other cookies remain as the browser has sent them. A cookie that was deleted has an empty value.
  const kept = header.split(/; */).filter((pair) => !names.has(pair.split('=', 1)[0]!));
  const set = changed.filter(({ value }) => value !== '');
  const current = [...kept, ...set.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`)];
  const result = new Headers(found);
  result.set('cookie', current.join('; '));
  return result;
}
