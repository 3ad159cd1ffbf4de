/** The server's half and the page's half declare the same wire: browser depends on nothing, not even on core's types. */
import type * as Page from '@chatwoot-identity/browser';
import type * as Server from '@chatwoot-identity/core';
import { expectTypeOf } from 'expect-type';

expectTypeOf<Server.ChatwootSettings>().toEqualTypeOf<Page.ChatwootSettings>();
expectTypeOf<Server.Identity>().toExtend<Page.Identity>();
expectTypeOf<keyof Server.Identity>().toEqualTypeOf<keyof Page.Identity>();
// In the page the attributes' values are whatever was in the JSON.
type WithoutAttributes<Identity> = Omit<Identity, 'custom_attributes'>;
expectTypeOf<WithoutAttributes<Server.Identity>>().toEqualTypeOf<WithoutAttributes<Page.Identity>>();
