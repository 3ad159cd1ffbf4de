import type { ServerResponse } from 'node:http';
import type {
  Contact,
  ContactAnswer,
  Identity,
  InboxOption,
  RequestLike,
  Tail,
} from '@chatwoot-identity/core';
import {
  type Adapter,
  type AdapterOptions,
  type AdapterRequest,
  checkContact,
  checkOptions,
  compileInbox,
  createAdapter,
  decideCaching,
  type FirstBytes,
  headersOf,
  type InjectOptions,
  isContact,
  isPage,
  type Page,
  type PreparedInbox,
  type ResponseHead,
  type ResponseHeaders,
  type Script,
  type ScriptReply,
  toIdentity,
} from '@chatwoot-identity/core/adapter';
import { expectTypeOf } from 'expect-type';

expectTypeOf(createAdapter).toEqualTypeOf<
  <Request extends AdapterRequest>(options: AdapterOptions<Request>, script: Script) => Adapter<Request>
>();
expectTypeOf<AdapterOptions<RequestLike>>().toHaveProperty('inbox').toEqualTypeOf<InboxOption<RequestLike>>();
expectTypeOf<AdapterOptions<RequestLike>['contact']>().toEqualTypeOf<
  (request: RequestLike) => ContactAnswer | Promise<ContactAnswer>
>();
expectTypeOf<AdapterOptions<RequestLike>['inject']>().toEqualTypeOf<
  boolean | 'fetch' | InjectOptions<RequestLike> | undefined
>();
expectTypeOf<AdapterOptions<RequestLike>['onError']>().toEqualTypeOf<
  ((error: unknown, request: RequestLike) => void) | undefined
>();
expectTypeOf<Adapter<RequestLike>['reply']>().toEqualTypeOf<
  (request: RequestLike, pathname: string) => Promise<ScriptReply> | undefined
>();
expectTypeOf<NonNullable<Adapter<AdapterRequest>['openPage']>>().toEqualTypeOf<
  (request: AdapterRequest, mount: string) => Page
>();
expectTypeOf<AdapterRequest>().toExtend<RequestLike>();
expectTypeOf<Page['wanted']>().toBeBoolean();
expectTypeOf<Page['begin']>().toEqualTypeOf<(head: ResponseHead, body?: FirstBytes) => boolean>();
expectTypeOf<Page['markup']>().returns.toEqualTypeOf<string | Promise<string>>();
expectTypeOf<Page['place']>().toEqualTypeOf<(head: ResponseHead) => string | Promise<string>>();
expectTypeOf<Page['tail']>().toEqualTypeOf<Tail>();
expectTypeOf(headersOf).toEqualTypeOf<(res: ServerResponse) => ResponseHeaders>();
expectTypeOf(isPage).toEqualTypeOf<(head: ResponseHead) => boolean>();
expectTypeOf<ScriptReply['body']>().toEqualTypeOf<string | Uint8Array>();

expectTypeOf(checkContact).toEqualTypeOf<(contact: unknown) => void>();
expectTypeOf(checkOptions).toEqualTypeOf<
  (owner: string, options: unknown, known: readonly string[]) => void
>();
expectTypeOf(compileInbox).toEqualTypeOf<
  <Request>(option: InboxOption<Request>) => (request: Request) => PreparedInbox | Promise<PreparedInbox>
>();
expectTypeOf(toIdentity).toEqualTypeOf<(contact: Contact, inbox: PreparedInbox) => Identity>();
expectTypeOf(isContact).toEqualTypeOf<(answer: unknown) => answer is Contact>();
expectTypeOf(decideCaching).toEqualTypeOf<
  (head: Pick<ResponseHead, 'headers' | 'last'>, fields: Readonly<Record<string, string>>) => void
>();
