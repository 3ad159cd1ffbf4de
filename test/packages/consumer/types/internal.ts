import type {
  Contact,
  ContactAnswer,
  Identity,
  Inbox,
  InboxOption,
  RequestLike,
} from '@chatwoot-identity/core';
import {
  type Adapter,
  type AdapterOptions,
  type AdapterRequest,
  checkContact,
  checkOptions,
  createAdapter,
  createIdentityResolver,
  type FirstBytes,
  HtmlInjector,
  type IdentitySources,
  type InjectOptions,
  injectIntoText,
  isHtml,
  logOut,
  type MarkupOptions,
  type Page,
  type PendingResponse,
  preventCaching,
  type RequestIdentity,
  renderMarkup,
  type Script,
  type ScriptReply,
  setEndpointHeaders,
} from '@chatwoot-identity/core/internal';
import type { PageData } from '@chatwoot-identity/core/wire';
import { expectTypeOf } from 'expect-type';

expectTypeOf(createAdapter).toEqualTypeOf<
  <Request extends AdapterRequest>(options: AdapterOptions<Request>, script: Script) => Adapter<Request>
>();
expectTypeOf<AdapterOptions<RequestLike>>().toHaveProperty('inbox').toEqualTypeOf<InboxOption<RequestLike>>();
expectTypeOf<AdapterOptions<RequestLike>['contact']>().toEqualTypeOf<
  (request: RequestLike) => ContactAnswer | Promise<ContactAnswer>
>();
expectTypeOf<AdapterOptions<RequestLike>['inject']>().toEqualTypeOf<
  boolean | 'inline' | InjectOptions<RequestLike> | undefined
>();
expectTypeOf<InjectOptions<RequestLike>['mode']>().toEqualTypeOf<'inline' | undefined>();
expectTypeOf<AdapterOptions<RequestLike>['onError']>().toEqualTypeOf<
  ((error: unknown, request: RequestLike) => void) | undefined
>();
expectTypeOf<Adapter<AdapterRequest>['reply']>().toEqualTypeOf<
  (request: AdapterRequest, pathname: string, mount: string) => Promise<ScriptReply> | undefined
>();
expectTypeOf<NonNullable<Adapter<AdapterRequest>['openPage']>>().toEqualTypeOf<
  (request: AdapterRequest, mount: string) => Page<AdapterRequest>
>();
expectTypeOf<AdapterRequest>().toExtend<RequestLike>();
expectTypeOf<Page<AdapterRequest>['wanted']>().toBeBoolean();
expectTypeOf<Page<AdapterRequest>['begin']>().toEqualTypeOf<
  (response: PendingResponse, body?: FirstBytes) => boolean
>();
expectTypeOf<Page<AdapterRequest>['markup']>().returns.toEqualTypeOf<Buffer | Promise<Buffer>>();
expectTypeOf<Page<AdapterRequest>['renderMarkup']>().toEqualTypeOf<
  (response: PendingResponse) => string | Promise<string>
>();
expectTypeOf<Page<AdapterRequest>['injector']>().toEqualTypeOf<HtmlInjector>();
expectTypeOf(HtmlInjector).toBeConstructibleWith();
expectTypeOf<HtmlInjector['push']>().toEqualTypeOf<(chunk: Buffer) => Buffer>();
expectTypeOf<HtmlInjector['end']>().toEqualTypeOf<(markup: string | Buffer) => Buffer>();
expectTypeOf(injectIntoText).toEqualTypeOf<(text: string, markup: string) => string | undefined>();
expectTypeOf(isHtml).toEqualTypeOf<(response: PendingResponse) => boolean>();
expectTypeOf<ScriptReply['body']>().toEqualTypeOf<string | Uint8Array>();

expectTypeOf(renderMarkup).toEqualTypeOf<(data: PageData, options: MarkupOptions) => string>();
expectTypeOf<keyof PageData>().toEqualTypeOf<
  'base_url' | 'website_token' | 'identity' | 'identity_url' | 'anonymous' | 'settings'
>();
expectTypeOf<Required<PageData>['identity']>().toEqualTypeOf<Identity | null>();

expectTypeOf(checkContact).toEqualTypeOf<(contact: unknown) => void>();
expectTypeOf(checkOptions).toEqualTypeOf<
  (owner: string, options: unknown, known: readonly string[]) => void
>();
expectTypeOf(createIdentityResolver).toEqualTypeOf<
  <Request extends RequestLike>(
    sources: IdentitySources<Request>,
  ) => (request: Request) => RequestIdentity<Request>
>();
expectTypeOf<RequestIdentity<RequestLike>['identity']>().returns.toEqualTypeOf<
  Identity | null | Promise<Identity | null>
>();
expectTypeOf<{ inbox: Inbox; contact: () => Contact }>().toExtend<IdentitySources<RequestLike>>();
expectTypeOf(logOut).toEqualTypeOf<(request: RequestLike, hostname: string) => string[]>();
expectTypeOf(setEndpointHeaders).toEqualTypeOf<
  (response: Pick<PendingResponse, 'headers' | 'final'>, fields: Readonly<Record<string, string>>) => void
>();
expectTypeOf(preventCaching).toEqualTypeOf<(response: Pick<PendingResponse, 'headers' | 'final'>) => void>();
