import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Identity, RequestHeaders } from '@chatwoot-identity/core';
import {
  NEVER_CACHED,
  NO_SHARED_CACHE,
  NodeHeaders,
  setEndpointHeaders,
} from '@chatwoot-identity/core/internal';
import { compileOptions, type RouterOptions } from './router-options.js';

export type { Contact, ContactAnswer, Identity, Inbox } from '@chatwoot-identity/core';

/** The request and the response, as API routes and `getServerSideProps` receive them. */
export interface ChatwootPagesRequest {
  /** The request, including the cookies that Next.js has parsed. */
  readonly req: IncomingMessage & { cookies: Partial<Record<string, string>> };
  /** The response. */
  readonly res: ServerResponse;
}

/**
 * The context of `getServerSideProps`, or `{ req, res }` in an API route. Their responses are for a single visitor.
 */
export type ChatwootPagesContext = ChatwootPagesRequest &
  ({ readonly resolvedUrl: string } | { readonly res: { setDraftMode: unknown } });

/** Options of {@link chatwootIdentityPages}. */
export interface ChatwootIdentityPagesOptions extends RouterOptions<ChatwootPagesRequest> {}

/** The functions that an app exports from its `lib/chatwoot-pages.ts`. */
export interface ChatwootIdentityPages {
  /** The API route for the identity endpoint: the default export of `pages/api/chatwoot/identity.ts`. */
  handler: (req: ChatwootPagesRequest['req'], res: ServerResponse) => Promise<void>;
  /**
   * Returns the signed-in user's identity, or null for an anonymous visitor. Call this function in
   * `getServerSideProps` and pass the result to the page as a prop. Sets `Cache-Control: private, no-store`, removes
   * the CORS headers and ignores later changes to these headers.
   *
   * @throws {TypeError} in `getStaticProps` and `getInitialProps`, because their pages may be cached for all visitors
   * @throws {Error} any error of `contact` or `inbox`
   */
  identity: (context: ChatwootPagesContext) => Promise<Identity | null>;
}

/** The argument of `inbox` and `contact`, extended by the properties that the core package reads. */
type Context = ChatwootPagesRequest & { method: string | undefined; headers: RequestHeaders };

function toContext({ req, res }: ChatwootPagesRequest): Context {
  return { req, res, method: req.method, headers: req.headers };
}

/**
 * Serves the signed-in user's Chatwoot identity in the Pages Router.
 *
 * The inbox is validated at the first request, because `next build` loads this module without secrets.
 *
 * @param options the inbox and the function that returns the signed-in user
 * @returns the API route and a function for `getServerSideProps`
 * @throws {TypeError} if an option is misspelled or `contact` is not a function; at the first request, if the inbox is
 *   invalid. The message explains how to fix the error.
 * @example
 * // lib/chatwoot-pages.ts
 * export const { handler, identity } = chatwootIdentityPages({
 *   inbox: {
 *     hmacToken: process.env.CHATWOOT_HMAC_TOKEN,
 *     websiteToken: process.env.CHATWOOT_WEBSITE_TOKEN,
 *     baseUrl: process.env.CHATWOOT_BASE_URL,
 *   },
 *   contact: async ({ req, res }) => {
 *     const user = (await getServerSession(req, res, authOptions))?.user;
 *     return user && { identifier: user.id, name: user.name, email: user.email };
 *   },
 * });
 *
 * // pages/api/chatwoot/identity.ts
 * export { handler as default } from '@/lib/chatwoot-pages';
 *
 * // pages/account.tsx
 * import { identity } from '@/lib/chatwoot-pages';
 *
 * export const getServerSideProps = (async (context) => ({
 *   props: { identity: await identity(context) },
 * })) satisfies GetServerSideProps;
 */
export function chatwootIdentityPages(options: ChatwootIdentityPagesOptions): ChatwootIdentityPages {
  const { resolve, respond, reportToApp } = compileOptions<Context>('chatwootIdentityPages', options);

  return {
    async handler(req, res) {
      const request = toContext({ req, res });
      const response = { headers: new NodeHeaders(res) };
      try {
        const { status, headers, body } = await respond(request);
        setEndpointHeaders(response, { ...headers, ...NO_SHARED_CACHE });
        res.writeHead(status).end(body);
      } catch (error) {
        setEndpointHeaders(response, NEVER_CACHED); // Next.js sends these headers with its 500 response
        reportToApp(error, request);
        throw error;
      }
    },
    async identity(context) {
      checkContext(context);
      const request = toContext(context);
      setEndpointHeaders({ headers: new NodeHeaders(request.res) }, NEVER_CACHED);
      try {
        return await resolve(request).identity();
      } catch (error) {
        reportToApp(error, request);
        throw error;
      }
    },
  };
}

/**
 * Throws if Next.js may cache the page of this context for all visitors. Checking for a request is not enough:
 * `getInitialProps` of `_document` receives the first visitor's request, although its page may be cached. This
 * function therefore checks for properties that only `getServerSideProps` and API routes have.
 */
function checkContext({ req, res, ...context }: Partial<ChatwootPagesContext> = {}): void {
  if (req && res && ('resolvedUrl' in context || 'setDraftMode' in res)) return;
  throw new TypeError(
    'identity() was called where the page may be cached for all visitors. Call it in getServerSideProps with the whole ' +
      'context, or in an API route with { req, res }. In a static page, use <ChatwootWidget> from ' +
      '@chatwoot-identity/next/client, which fetches the identity.',
  );
}
