import type { ContactAnswer, Inbox, InboxOption } from '@chatwoot-identity/core';
import { type ChatwootIdentityOptions, chatwootIdentity, chatwootLogout } from '@chatwoot-identity/koa';
import { expectTypeOf } from 'expect-type';
import Koa, { type Context, type Middleware } from 'koa';

expectTypeOf(chatwootIdentity).toEqualTypeOf<(options: ChatwootIdentityOptions) => Middleware>();
expectTypeOf(chatwootLogout).toEqualTypeOf<(ctx: Context) => void>();
expectTypeOf<ChatwootIdentityOptions['inbox']>().toEqualTypeOf<InboxOption<Context>>();
expectTypeOf<ChatwootIdentityOptions['contact']>().toEqualTypeOf<
  (request: Context) => ContactAnswer | Promise<ContactAnswer>
>();
expectTypeOf<keyof ChatwootIdentityOptions>().toEqualTypeOf<
  'inbox' | 'contact' | 'path' | 'allowedOrigins' | 'inject' | 'onError'
>();

declare const inbox: Inbox;
declare const user: { id: number; email: string | null } | null;
new Koa().use(chatwootIdentity({ inbox, contact: () => user && { identifier: user.id, email: user.email } }));
new Koa<{ user: string }>().use(chatwootIdentity({ inbox, contact: (ctx) => ctx.state.user, inject: true }));
new Koa().use((ctx) => {
  expectTypeOf(ctx.state.chatwootIdentity).toEqualTypeOf<(() => string | Promise<string>) | undefined>();
  chatwootLogout(ctx);
});
// The options may be environment variables, whose type includes undefined. The adapter refuses a missing
// variable at start-up.
new Koa().use(
  chatwootIdentity({
    inbox: {
      hmacToken: process.env.CHATWOOT_HMAC_TOKEN,
      websiteToken: process.env.CHATWOOT_WEBSITE_TOKEN,
      baseUrl: process.env.CHATWOOT_BASE_URL,
    },
    contact: () => null,
  }),
);
// @ts-expect-error: contact is required
chatwootIdentity({ inbox });
// @ts-expect-error: an unknown option
chatwootIdentity({ inbox, contact: () => null, injected: true });
