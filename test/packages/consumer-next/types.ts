import type { Status } from '@chatwoot-identity/browser';
import type { AdapterOptions } from '@chatwoot-identity/core/internal';
import {
  type ChatwootIdentity,
  type ChatwootIdentityOptions,
  type ChatwootProps,
  type ChatwootRequest,
  type Contact,
  type ContactAnswer,
  chatwootIdentity,
  type Identity,
  type Inbox,
} from '@chatwoot-identity/next';
import {
  type Chatwoot,
  type ChatwootSettings,
  ChatwootWidget,
  type ChatwootWidgetProps,
  useChatwoot,
} from '@chatwoot-identity/next/client';
import {
  type ChatwootIdentityPages,
  type ChatwootIdentityPagesOptions,
  type ChatwootPagesContext,
  type ChatwootPagesRequest,
  chatwootIdentityPages,
} from '@chatwoot-identity/next/pages';
import { expectTypeOf } from 'expect-type';
import type { GetServerSidePropsContext, NextApiHandler, NextApiRequest, NextApiResponse } from 'next';
import type { DocumentContext } from 'next/document.js';
import type { ReactElement } from 'react';

expectTypeOf(chatwootIdentity).toEqualTypeOf<(options: ChatwootIdentityOptions) => ChatwootIdentity>();
expectTypeOf<ChatwootIdentity['GET']>().toEqualTypeOf<(request: Request) => Promise<Response>>();
expectTypeOf<ChatwootIdentity['identity']>().toEqualTypeOf<() => Promise<Identity | null>>();
expectTypeOf<ChatwootIdentity['Chatwoot']>().toEqualTypeOf<(props: ChatwootProps) => ReactElement>();
expectTypeOf<keyof ChatwootProps>().toEqualTypeOf<
  'identityUrl' | 'nonce' | 'settings' | 'anonymous' | 'hmacToken'
>();
expectTypeOf<ChatwootIdentityOptions>().toEqualTypeOf<
  Pick<AdapterOptions<ChatwootRequest>, 'inbox' | 'contact' | 'allowedOrigins' | 'onError'>
>();
expectTypeOf<ChatwootIdentityOptions['contact']>().toEqualTypeOf<
  (request: ChatwootRequest) => ContactAnswer | Promise<ContactAnswer>
>();
expectTypeOf<ChatwootRequest['headers']>().toEqualTypeOf<Headers>();
type Variable = (typeof process.env)[string];
expectTypeOf<Inbox>().toEqualTypeOf<{ hmacToken: Variable; websiteToken: Variable; baseUrl: Variable }>();
expectTypeOf<{ identifier: number }>().toExtend<Contact>();
// @ts-expect-error: the user of next-auth has no id until the app adds it
chatwootIdentity({ inbox: {} as Inbox, contact: () => ({}) as { name: string } });

expectTypeOf(chatwootIdentityPages).toEqualTypeOf<
  (options: ChatwootIdentityPagesOptions) => ChatwootIdentityPages
>();
expectTypeOf<ChatwootIdentityPages['handler']>().toExtend<NextApiHandler>();
expectTypeOf<ChatwootIdentityPages['identity']>().toEqualTypeOf<
  (context: ChatwootPagesContext) => Promise<Identity | null>
>();
expectTypeOf<GetServerSidePropsContext>().toExtend<ChatwootPagesContext>();
expectTypeOf<{ req: NextApiRequest; res: NextApiResponse }>().toExtend<ChatwootPagesContext>();
expectTypeOf<ChatwootPagesContext>().toExtend<ChatwootPagesRequest>();
expectTypeOf<DocumentContext>().not.toExtend<ChatwootPagesContext>();

expectTypeOf(ChatwootWidget).toEqualTypeOf<(props: ChatwootWidgetProps) => null>();
expectTypeOf<keyof ChatwootWidgetProps>().toEqualTypeOf<
  | 'identity'
  | 'baseUrl'
  | 'websiteToken'
  | 'identityUrl'
  | 'headers'
  | 'settings'
  | 'anonymous'
  | 'nonce'
  | 'userKey'
  | 'hmacToken'
>();
expectTypeOf<Inbox>().not.toExtend<ChatwootWidgetProps>();
expectTypeOf<Omit<Inbox, 'hmacToken'>>().toExtend<ChatwootWidgetProps>();
expectTypeOf<Required<ChatwootWidgetProps>['settings']>().toEqualTypeOf<ChatwootSettings>();
expectTypeOf(useChatwoot).toEqualTypeOf<() => Chatwoot>();
expectTypeOf<Chatwoot>().toEqualTypeOf<{
  status: Status;
  toggle: (state?: 'open' | 'close') => void;
  refresh: () => Promise<Status>;
  disconnect: () => Promise<Status>;
}>();
