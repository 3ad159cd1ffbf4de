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

/** The request of API routes and `getServerSideProps`. */
export interface ChatwootPagesRequest {
  /** The request, with the cookies that Next.js has parsed. */
  readonly req: IncomingMessage & { cookies: Partial<Record<string, string>> };
  /** The response. */
  readonly res: ServerResponse;
}

/** The context of `getServerSideProps`, or the `{ req, res }` of an API route: both respond to a single visitor. */
export type ChatwootPagesContext = ChatwootPagesRequest &
  ({ readonly resolvedUrl: string } | { readonly res: { setDraftMode: unknown } });

/** Options of {@link chatwootIdentityPages}. */
export interface ChatwootIdentityPagesOptions extends RouterOptions<ChatwootPagesRequest> {}

/** The exports of an app's `lib/chatwoot-pages.ts`. */
export interface ChatwootIdentityPages {
  /** The API route, the default export of `pages/api/chatwoot/identity.ts`. */
  handler: (req: ChatwootPagesRequest['req'], res: ServerResponse) => Promise<void>;
  /**
   * Returns the signed-in user's identity, or null for an anonymous visitor, for the props of `getServerSideProps`. It
   * sets `Cache-Control: private, no-store`, removes CORS headers, and ignores later changes to both.
   *
   * @throws {TypeError} in `getStaticProps` and `getInitialProps`, whose pages may be stored for everyone
   * @throws {Error} any error of `contact` or `inbox`
   */
  identity: (context: ChatwootPagesContext) => Promise<Identity | null>;
}

/** The request as `inbox` and `contact` receive it, with the properties that core reads. */
type Context = ChatwootPagesRequest & { method: string | undefined; headers: RequestHeaders };

function toContext({ req, res }: ChatwootPagesRequest): Context {
  return { req, res, method: req.method, headers: req.headers };
}

/**
 * Serves the signed-in user's Chatwoot identity in the Pages Router.
 *
 * The inbox is checked at the first request, because `next build` loads this module without secrets.
 *
 * @param options the inbox and the signed-in user
 * @returns the API route and a function for `getServerSideProps`
 * @throws {TypeError} if an option is misspelled or `contact` is not a function; at the first request, if the inbox is
 *   unusable. The message says how to fix it.
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
        setEndpointHeaders(response, NEVER_CACHED); // Next.js keeps them in its 500 response
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
 * Refuses a context whose page may be stored for everyone. `getStaticProps` has no request, but the `getInitialProps`
 * of `_document` receives the first visitor's, so a request alone proves nothing: check for properties that only
 * `getServerSideProps` and API routes have.
 */
function checkContext({ req, res, ...context }: Partial<ChatwootPagesContext> = {}): void {
  if (req && res && ('resolvedUrl' in context || 'setDraftMode' in res)) return;
  throw new TypeError(
    'identity() was called where a page may be stored for everyone. Call it in getServerSideProps with the whole ' +
      'context, or in an API route with { req, res }; in a static page use <ChatwootWidget> from ' +
      '@chatwoot-identity/next/client, which fetches the identity.',
  );
}
