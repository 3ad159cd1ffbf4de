// The import of 'server-only' in index.ts is not enough: Turbopack skips modules that contain only re-exports.
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

/** The functions and the component that an app exports from its `lib/chatwoot.ts`. */
export interface ChatwootIdentity {
  /**
   * The route handler for the identity endpoint: the only export of `app/chatwoot/identity/route.ts`. If `contact` or
   * `inbox` fails, the handler responds with status 500, logs the error and passes the error to `onError`.
   */
  GET: (request: Request) => Promise<Response>;
  /**
   * Returns the signed-in user's identity, or null for an anonymous visitor. Call this function in server components
   * and server actions.
   *
   * @throws {Error} if there is no request, as in a static page, `'use cache'` or `unstable_cache`
   * @throws {Error} any error of `contact` or `inbox`
   */
  identity: () => Promise<Identity | null>;
  /**
   * The server component that adds the chat and the identity of the current user to a page. Next.js renders such a page
   * dynamically.
   */
  Chatwoot: (props: ChatwootProps) => ReactElement;
}

/**
 * Serves the signed-in user's Chatwoot identity in the App Router. Code that renders an identity outside a request
 * fails, because Next.js could store the result and serve it to other visitors.
 *
 * The inbox is validated at the first request, because `next build` loads this module without secrets.
 *
 * @param options the inbox and the function that returns the signed-in user
 * @returns the route handler, the server component and a function for your own server code
 * @throws {TypeError} if an option is misspelled or `contact` is not a function. If the inbox is invalid, the error
 *   occurs at the first request. The message explains how to fix the error.
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
        unstable_rethrow(error); // rethrows the errors that redirect() and notFound() throw
        reportToApp(error, request);
        console.error('chatwoot-identity: the identity endpoint responded with status 500.', error);
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

/**
 * Returns the response for a failed request. The error is not thrown, because the error response of Next.js would
 * have no header that prevents caching.
 */
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
