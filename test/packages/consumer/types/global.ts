/** This import declares the types of the globals of Chatwoot's SDK. */
import type { Chatwoot, ChatwootSettings } from '@chatwoot-identity/browser/global';
import type { Json, Profile } from '@chatwoot-identity/core/wire';
import { expectTypeOf } from 'expect-type';

expectTypeOf(window.$chatwoot).toEqualTypeOf<Chatwoot | undefined>();
expectTypeOf(window.chatwootSettings).toEqualTypeOf<ChatwootSettings | undefined>();
window.chatwootSettings = { position: 'left' };

expectTypeOf<Chatwoot['setLabel']>().toEqualTypeOf<(label: string) => void>();
expectTypeOf<Chatwoot['setCustomAttributes']>().parameters.toEqualTypeOf<[Record<string, Json>]>();
expectTypeOf<Chatwoot['setConversationCustomAttributes']>().parameters.toEqualTypeOf<
  [Record<string, Json>]
>();
expectTypeOf<Chatwoot['setUser']>().parameters.toEqualTypeOf<
  [identifier: string | number, user: Profile & { identifier_hash?: string }]
>();
expectTypeOf<Chatwoot['position']>().toEqualTypeOf<ChatwootSettings['position']>();
// Some websites document these members, but the SDK does not have them.
expectTypeOf<Extract<keyof Chatwoot, 'settings' | 'deleteUser' | 'addLabel'>>().toBeNever();
