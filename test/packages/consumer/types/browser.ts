import {
  type ChatwootSettings,
  type ConnectOptions,
  connect,
  disconnect,
  type Identity,
  type RequestHeaders,
  refresh,
  type Status,
  status,
  subscribe,
  suspend,
  toggle,
} from '@chatwoot-identity/browser';
import { hash, source } from '@chatwoot-identity/browser/script';
import type { Identity as WireIdentity } from '@chatwoot-identity/core/wire';
import { expectTypeOf } from 'expect-type';

expectTypeOf(connect).toEqualTypeOf<
  (identity: Identity | null | undefined, options: ConnectOptions) => Promise<Status>
>();
expectTypeOf(disconnect).toEqualTypeOf<() => Promise<Status>>();
expectTypeOf(refresh).toEqualTypeOf<() => Promise<Status>>();
expectTypeOf(suspend).toEqualTypeOf<() => void>();
expectTypeOf(toggle).toEqualTypeOf<(state?: 'open' | 'close') => void>();
expectTypeOf(status).toEqualTypeOf<() => Status>();
// React's useSyncExternalStore accepts these types as its arguments.
expectTypeOf(subscribe).toEqualTypeOf<(listener: () => void) => () => void>();
expectTypeOf<Status>().toEqualTypeOf<
  'idle' | 'connecting' | 'connected' | 'anonymous' | 'refused' | 'unavailable'
>();
expectTypeOf<Required<ConnectOptions>>().toEqualTypeOf<{
  baseUrl: string | undefined;
  websiteToken: string | undefined;
  identityUrl: string;
  headers: RequestHeaders;
  confirm: boolean;
  settings: ChatwootSettings;
  anonymous: 'show' | 'hide';
  nonce: string;
}>();
expectTypeOf<{ baseUrl: string; websiteToken: string }>().toExtend<ConnectOptions>();
expectTypeOf<Identity>().toEqualTypeOf<WireIdentity>();
expectTypeOf<{ identifier: string }>().not.toExtend<Identity>();
expectTypeOf(source).toEqualTypeOf<string>();
expectTypeOf(hash).toEqualTypeOf<string>();
