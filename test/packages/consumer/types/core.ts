import type { IncomingMessage } from 'node:http';
import {
  type ChatwootIdentity,
  type ChatwootIdentityError,
  type ChatwootIdentityErrorCode,
  type ChatwootIdentityOptions,
  type ChatwootSettings,
  type Contact,
  type ContactAnswer,
  type ContactOption,
  createChatwootIdentity,
  type Identifier,
  type Identity,
  type Inbox,
  type InboxOption,
  type InjectOptions,
  identifierHash,
  type Json,
  logoutCookies,
  type Profile,
  type Reply,
  type RequestHeaders,
  type RequestLike,
  verifyIdentifierHash,
  verifyWebhook,
} from '@chatwoot-identity/core';
import { expectTypeOf } from 'expect-type';

expectTypeOf(identifierHash).toEqualTypeOf<
  (hmacToken: string | undefined, identifier: Identifier) => string
>();
expectTypeOf(verifyIdentifierHash).toEqualTypeOf<
  (hmacToken: string | undefined, identifier: Identifier, hash: unknown) => boolean
>();
expectTypeOf(verifyWebhook).toEqualTypeOf<
  (rawBody: string | Uint8Array, headers: RequestHeaders, secret: string | undefined) => boolean
>();
expectTypeOf(logoutCookies).toEqualTypeOf<(request: RequestLike, hostname: string) => string[]>();

expectTypeOf(createChatwootIdentity).toEqualTypeOf<
  <Request extends RequestLike = RequestLike>(
    options: ChatwootIdentityOptions<Request>,
  ) => ChatwootIdentity<Request>
>();
expectTypeOf(createChatwootIdentity<IncomingMessage>)
  .parameter(0)
  .toHaveProperty('inbox')
  .toEqualTypeOf<Inbox | ((request: IncomingMessage) => Inbox | Promise<Inbox>)>();
expectTypeOf<ChatwootIdentity['identify']>().toEqualTypeOf<
  (contact: ContactAnswer, request?: RequestLike) => Promise<Identity | null>
>();
expectTypeOf<ChatwootIdentity['respond']>().toEqualTypeOf<
  (request: RequestLike, contact: ContactOption<RequestLike>) => Promise<Reply>
>();
expectTypeOf<InboxOption<RequestLike>>().toEqualTypeOf<
  Inbox | ((request: RequestLike) => Inbox | Promise<Inbox>)
>();
expectTypeOf<ContactOption<RequestLike>>().toEqualTypeOf<
  ContactAnswer | ((request: RequestLike) => ContactAnswer | Promise<ContactAnswer>)
>();

// The fields of a user that apps pass: an id, and optional fields.
expectTypeOf<Identifier>().toEqualTypeOf<string | number | bigint>();
expectTypeOf<{ identifier: bigint; name: null; email: undefined }>().toExtend<Contact>();
expectTypeOf<{ identifier: string | undefined }>().not.toExtend<Contact>();
expectTypeOf<{ name: string }>().not.toExtend<Contact>();
expectTypeOf<null | undefined | false | 0 | ''>().toExtend<ContactAnswer>();
expectTypeOf<true>().not.toExtend<ContactAnswer>();
const misspelled: Contact = {
  identifier: 'user-1',
  // @ts-expect-error: unknown fields are errors
  avatar_url: 'https://shop.example.com/ada.png',
};
const signed: Contact = {
  identifier: 'user-1',
  // @ts-expect-error: a contact has no field for a hash
  identifier_hash: '',
};

export { misspelled, signed };

// The wire format is JSON, which cannot contain undefined.
expectTypeOf<Identity>().toExtend<Profile & { identifier: string; identifier_hash: string }>();
expectTypeOf<Required<Profile>['name']>().toEqualTypeOf<string>();
expectTypeOf<Required<Profile>['custom_attributes']>().toEqualTypeOf<Record<string, Json>>();
expectTypeOf<Required<ChatwootSettings>['position']>().toEqualTypeOf<'left' | 'right'>();
expectTypeOf<Reply>().toEqualTypeOf<{
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}>();

// A `RequestLike` may be a web request, the result of Next.js' headers() or a Node request.
expectTypeOf<Request>().toExtend<RequestLike>();
expectTypeOf<{ headers: Headers }>().toExtend<RequestLike>();
expectTypeOf<IncomingMessage>().toExtend<RequestLike>();
expectTypeOf<Headers>().toExtend<RequestHeaders>();

expectTypeOf<InjectOptions<string>['nonce']>().toEqualTypeOf<
  ((request: string) => string | undefined) | undefined
>();
expectTypeOf<InjectOptions<string>['skip']>().toEqualTypeOf<((request: string) => boolean) | undefined>();

expectTypeOf<ConstructorParameters<typeof ChatwootIdentityError>>().toEqualTypeOf<
  [code: ChatwootIdentityErrorCode, message: string, options?: { cause?: unknown } | undefined]
>();
expectTypeOf<ChatwootIdentityError>().toExtend<Error & { code: ChatwootIdentityErrorCode; status: 500 }>();
