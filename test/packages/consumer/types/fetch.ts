import type { ContactAnswer, Inbox } from '@chatwoot-identity/core';
import { type ChatwootIdentityOptions, chatwootIdentity, chatwootLogout } from '@chatwoot-identity/fetch';
import { expectTypeOf } from 'expect-type';

type Next = (request: Request) => Response | Promise<Response>;

expectTypeOf(chatwootIdentity<undefined>).returns.toEqualTypeOf<
  (request: Request, next: Next, context?: undefined) => Promise<Response>
>();
expectTypeOf(chatwootIdentity<{ user: string }>).returns.toEqualTypeOf<
  (request: Request, next: Next, context: { user: string }) => Promise<Response>
>();
expectTypeOf(chatwootLogout).toEqualTypeOf<(request: Request, headers: Headers) => void>();
expectTypeOf<ChatwootIdentityOptions['contact']>().toEqualTypeOf<
  (request: Request, context: undefined) => ContactAnswer | Promise<ContactAnswer>
>();
expectTypeOf<keyof ChatwootIdentityOptions>().toEqualTypeOf<
  'inbox' | 'contact' | 'path' | 'allowedOrigins' | 'inject' | 'onError'
>();

declare const inbox: Inbox;
declare const request: Request;
const app = () => new Response('Hello');

void chatwootIdentity({ inbox, contact: ({ headers }) => ({ identifier: headers.get('x-user')! }) })(
  request,
  app,
);
// TypeScript infers the type of the context from the functions that read it.
const withUser = chatwootIdentity({
  inbox: (_request, context: { user: string | null }) => ({ ...inbox, websiteToken: context.user ?? '' }),
  contact: (_request, { user }) => user && { identifier: user },
  inject: { skip: (_request, { user }) => user === null, nonce: () => undefined },
  onError: (error, { url }, { user }) => console.error(error, url, user),
});
void withUser(request, async () => app(), { user: null });
// @ts-expect-error: the context is missing, but the functions read it
void withUser(request, app);
// The options may be environment variables, whose type includes undefined. The adapter refuses a missing
// variable at start-up.
chatwootIdentity({
  inbox: {
    hmacToken: process.env.CHATWOOT_HMAC_TOKEN,
    websiteToken: process.env.CHATWOOT_WEBSITE_TOKEN,
    baseUrl: process.env.CHATWOOT_BASE_URL,
  },
  contact: () => null,
});
// @ts-expect-error: contact is required
chatwootIdentity({ inbox });
// @ts-expect-error: an unknown option
chatwootIdentity({ inbox, contact: () => null, injected: true });
