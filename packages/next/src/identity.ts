// Here and not only in index.ts: Turbopack goes past a module that merely re-exports.
import 'server-only';
import {
  type ChatwootIdentity as Core,
  createChatwootIdentity,
  type Identity,
} from '@chatwoot-identity/core';
import { type AdapterOptions, checkContact, checkOptions } from '@chatwoot-identity/core/adapter';
import type { ReactElement } from 'react';
import { NO_SHARED_CACHE } from './caches.js';
import { type ChatwootProps, createChatwoot } from './chatwoot.js';
import { type ChatwootRequest, requestHeaders } from './guard.js';

/** Options of {@link chatwootIdentity}. */
export interface ChatwootIdentityOptions
  extends Pick<AdapterOptions<ChatwootRequest>, 'inbox' | 'contact' | 'allowedOrigins'> {}

/** What an app exports and renders. */
export interface ChatwootIdentity {
  /** The route handler: `app/chatwoot/identity/route.ts` exports it, and nothing else. */
  GET: (request: Request) => Promise<Response>;
  /**
   * The signed-in user's identity, or null for nobody: for server components and server actions.
   *
   * @throws where there is no request: in a static page, `'use cache'`, `unstable_cache`
   */
  identity: () => Promise<Identity | null>;
  /** The chat, with the identity of this request in the page; such a page is dynamic. */
  Chatwoot: (props: ChatwootProps) => ReactElement;
}

/**
 * Serves the signed-in user's Chatwoot identity in the App Router, and to nobody else: whatever would render it
 * without a request, and keep it for the next one, fails instead.
 *
 * The inbox is looked at when the first request comes and not before: `next build` loads this without secrets.
 *
 * @throws {TypeError} when an option is misspelled or `contact` is not a function; at the first request, when the
 *   inbox is unusable. Each says how to mend it.
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
  checkOptions('chatwootIdentity', options, ['inbox', 'contact', 'allowedOrigins']);
  const { inbox, contact, allowedOrigins } = options;
  checkContact(contact);
  let core: Core<ChatwootRequest> | undefined;
  const chatwoot = () => (core ??= createChatwootIdentity({ inbox, allowedOrigins }));

  return {
    async GET({ method }) {
      const request = { method, headers: await requestHeaders() };
      const { status, headers, body } = await chatwoot().respond(request, contact);
      return new Response(body || null, { status, headers: { ...headers, ...NO_SHARED_CACHE } });
    },
    async identity() {
      const request = { headers: await requestHeaders() };
      return chatwoot().identify(await contact(request), request);
    },
    Chatwoot: createChatwoot(options),
  };
}
