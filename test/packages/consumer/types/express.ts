import type { ContactAnswer, Inbox, InboxOption } from '@chatwoot-identity/core';
import { type ChatwootIdentityOptions, chatwootIdentity, chatwootLogout } from '@chatwoot-identity/express';
import { expectTypeOf } from 'expect-type';
import express, { type Request, type RequestHandler, type Response } from 'express';

expectTypeOf(chatwootIdentity).toEqualTypeOf<(options: ChatwootIdentityOptions) => RequestHandler>();
expectTypeOf(chatwootLogout).toEqualTypeOf<(res: Response) => void>();
expectTypeOf<ChatwootIdentityOptions['inbox']>().toEqualTypeOf<InboxOption<Request>>();
expectTypeOf<ChatwootIdentityOptions['contact']>().toEqualTypeOf<
  (request: Request) => ContactAnswer | Promise<ContactAnswer>
>();
expectTypeOf<keyof ChatwootIdentityOptions>().toEqualTypeOf<
  'inbox' | 'contact' | 'path' | 'allowedOrigins' | 'inject' | 'onError'
>();

declare const inbox: Inbox;
declare const user: { id: string; name?: string } | undefined;
express().use(chatwootIdentity({ inbox, contact: () => user && { identifier: user.id, name: user.name } }));
express().use(chatwootIdentity({ inbox: async () => inbox, contact: async () => null, inject: 'inline' }));
express().use('/shop', chatwootIdentity({ inbox, contact: () => false, inject: { anonymous: 'hide' } }));
// Apps can call the helper in templates that render the chat themselves.
express().get('/', (_req, res) => {
  expectTypeOf(res.locals.chatwootIdentity).toEqualTypeOf<(() => string | Promise<string>) | undefined>();
});
// The options may be environment variables, whose type includes undefined. The adapter refuses a missing
// variable at start-up.
express().use(
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
// @ts-expect-error: a user without an id cannot be signed
chatwootIdentity({ inbox, contact: () => ({ name: 'Ada' }) });
// @ts-expect-error: an unknown option
chatwootIdentity({ inbox, contact: () => null, injected: true });
