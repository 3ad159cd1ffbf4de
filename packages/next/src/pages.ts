import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type ChatwootIdentity as Core,
  createChatwootIdentity,
  type Identity,
  type RequestHeaders,
} from '@chatwoot-identity/core';
import {
  type AdapterOptions,
  checkContact,
  checkOptions,
  decideCaching,
  headersOf,
} from '@chatwoot-identity/core/adapter';
import { NO_SHARED_CACHE } from './caches.js';

/** What API routes and `getServerSideProps` both have. */
export interface ChatwootPagesRequest {
  readonly req: IncomingMessage & { cookies: Partial<Record<string, string>> };
  readonly res: ServerResponse;
}

/** Where there is an answer for this visitor alone: the context of `getServerSideProps`, or an API route's `{ req, res }`. */
export type ChatwootPagesContext = ChatwootPagesRequest &
  ({ readonly resolvedUrl: string } | { readonly res: { setDraftMode: unknown } });

/** Options of {@link chatwootIdentityPages}. */
export interface ChatwootIdentityPagesOptions
  extends Pick<AdapterOptions<ChatwootPagesRequest>, 'inbox' | 'contact' | 'allowedOrigins'> {}

/** What an app exports and asks. */
export interface ChatwootIdentityPages {
  /** The API route: the default export of `pages/api/chatwoot/identity.ts`. */
  handler: (req: ChatwootPagesRequest['req'], res: ServerResponse) => Promise<void>;
  /**
   * The signed-in user's identity, or null for nobody, to be returned from `getServerSideProps`. It forbids every
   * cache to keep the response, whatever else sets a Cache-Control.
   *
   * @throws {TypeError} in `getStaticProps` and `getInitialProps`, whose pages may be kept for everybody
   */
  identity: (context: ChatwootPagesContext) => Promise<Identity | null>;
}

/** What core hands to `inbox` and `contact`: what they are promised, beside what it reads itself. */
type Context = ChatwootPagesRequest & { method: string | undefined; headers: RequestHeaders };

function toContext({ req, res }: ChatwootPagesRequest): Context {
  return { req, res, method: req.method, headers: req.headers };
}

/**
 * Serves the signed-in user's Chatwoot identity in the Pages Router.
 *
 * The inbox is looked at when the first request comes and not before: `next build` loads this without secrets.
 *
 * @throws {TypeError} when an option is misspelled or `contact` is not a function; at the first request, when the
 *   inbox is unusable. Each says how to mend it.
 * @example
 * // lib/chatwoot.ts
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
 * export { handler as default } from '@/lib/chatwoot';
 *
 * // pages/account.tsx
 * export const getServerSideProps = async (context) => ({ props: { identity: await identity(context) } });
 */
export function chatwootIdentityPages(options: ChatwootIdentityPagesOptions): ChatwootIdentityPages {
  checkOptions('chatwootIdentityPages', options, ['inbox', 'contact', 'allowedOrigins']);
  const { inbox, contact, allowedOrigins } = options;
  checkContact(contact);
  let core: Core<Context> | undefined;
  const chatwoot = () => (core ??= createChatwootIdentity<Context>({ inbox, allowedOrigins }));

  return {
    async handler(req, res) {
      const { status, headers, body } = await chatwoot().respond(toContext({ req, res }), contact);
      decideCaching({ headers: headersOf(res) }, { ...headers, ...NO_SHARED_CACHE });
      res.writeHead(status).end(body);
    },
    async identity(context) {
      checkContext(context);
      const request = toContext(context);
      decideCaching(
        { headers: headersOf(request.res) },
        { 'Cache-Control': 'private, no-store', ...NO_SHARED_CACHE },
      );
      return chatwoot().identify(await contact(request), request);
    },
  };
}

/**
 * A page with `getStaticProps` is kept for everybody. It has no request itself, but the `getInitialProps` of
 * `_document` is given that of whoever came first; so a request alone is no proof, and what only the two good
 * callers have is looked for.
 */
function checkContext({ req, res, ...context }: Partial<ChatwootPagesContext> = {}): void {
  if (req && res && ('resolvedUrl' in context || 'setDraftMode' in res)) return;
  throw new TypeError(
    'identity() was called where a page may be kept for everybody. Call it in getServerSideProps with the whole ' +
      'context, or in an API route with { req, res }; in a static page use <ChatwootWidget> from ' +
      '@chatwoot-identity/next/client, which fetches the identity.',
  );
}
