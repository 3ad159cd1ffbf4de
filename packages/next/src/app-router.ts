// Imported here as well as in index.ts, because Turbopack skips a module that only re-exports.
import 'server-only';
import type { Identity } from '@chatwoot-identity/core';
import { NEVER_CACHED, NO_SHARED_CACHE } from '@chatwoot-identity/core/internal';
import { unstable_rethrow } from 'next/navigation';
import type { ReactElement } from 'react';
import { createChatwoot } from './chatwoot-component.js';
import { type ChatwootRequest, currentHeaders, requestHeaders } from './request-headers.js';
import { compileOptions, type RouterOptions } from './router-options.js';
import type { ChatwootProps } from './widget-props.js';

/** Options of {@link chatwootIdentity}. */
export interface ChatwootIdentityOptions extends RouterOptions<ChatwootRequest> {}

/** The exports of an app's `lib/chatwoot.ts`. */
export interface ChatwootIdentity {
  /**
   * The route handler, the only export of `app/chatwoot/identity/route.ts`. It answers 500 if `contact` or `inbox`
   * fails; the error is logged and passed to `onError`.
   */
  GET: (request: Request) => Promise<Response>;
  /**
   * Returns the signed-in user's identity, or null for an anonymous visitor: for server components and server actions.
   *
   * @throws {Error} if there is no request (in a static page, `'use cache'`, `unstable_cache`), and any error of
   *   `contact` or `inbox`
   */
  identity: () => Promise<Identity | null>;
  /** The chat, with the identity of this request in the page, which makes the page dynamic. */
  Chatwoot: (props: ChatwootProps) => ReactElement;
}

/**
 * Serves the signed-in user's Chatwoot identity in the App Router. Code that renders it without a request fails,
 * because the result could be stored and served to other visitors.
 *
 * The inbox is checked at the first request, because `next build` loads this module without secrets.
 *
 * @param options the inbox and the signed-in user
 * @returns the route handler, the server component and a function for your own server code
 * @throws {TypeError} if an option is misspelled or `contact` is not a function; at the first request, if the inbox is
 *   unusable. The message says how to fix it.
 * @example
 * // lib/chatwoot.ts
 * export const { GET, identity, Chatwoot } = chatwootIdentity({
 *   inbox: {
 *     hmacToken: process.env.CHATWOOT_HMAC_TOKEN,
 *     websiteToken: process.env.CHATWOOT_WEBSITE_TOKEN,
 *     baseUrl: process.env.CHATWOOT_BASE_URL,
 *   },
 *   contact: async () => {
 *     const user = (await auth())?.user;
 *     return user && { identifier: user.id, name: user.name, email: user.email };
 *   },
 * });
 *
 * // app/chatwoot/identity/route.ts
 * export { GET } from '@/lib/chatwoot';
 */
export function chatwootIdentity(options: ChatwootIdentityOptions): ChatwootIdentity {
  const { resolve, respond, report, reportToApp } = compileOptions('chatwootIdentity', options);

  return {
    async GET({ method }) {
      const request = { method, headers: await requestHeaders() };
      try {
        const { status, headers, body } = await respond(request);
        return new Response(body || null, { status, headers: { ...headers, ...NO_SHARED_CACHE } });
      } catch (error) {
        unstable_rethrow(error); // redirect(), notFound() and the like
        reportToApp(error, request);
        console.error('chatwoot-identity: the identity endpoint answered 500.', error);
        return internalServerError();
      }
    },
    async identity() {
      const request = { headers: await currentHeaders() };
      try {
        return await resolve(request).identity();
      } catch (error) {
        unstable_rethrow(error);
        reportToApp(error, request);
        throw error;
      }
    },
    Chatwoot: createChatwoot(resolve, report),
  };
}

/** Returned rather than thrown: Next.js would answer the error without any header that prevents caching. */
function internalServerError(): Response {
  const problem = {
    type: 'about:blank',
    title: 'Internal Server Error',
    status: 500,
    detail: "The identity could not be determined. The error is in the server's log.",
  };
  const headers = {
    'Content-Type': 'application/problem+json',
    'X-Content-Type-Options': 'nosniff',
    Vary: 'Cookie, Authorization',
    ...NEVER_CACHED,
  };
  return Response.json(problem, { status: 500, headers });
}
