/** The adapters, the browser package and `@chatwoot-identity/core/wire` export the same types. */
import type * as Page from '@chatwoot-identity/browser';
import type * as Server from '@chatwoot-identity/core';
import type * as Wire from '@chatwoot-identity/core/wire';
import { expectTypeOf } from 'expect-type';

expectTypeOf<Server.ChatwootSettings>().toEqualTypeOf<Wire.ChatwootSettings>();
expectTypeOf<Page.ChatwootSettings>().toEqualTypeOf<Wire.ChatwootSettings>();
expectTypeOf<Server.Identity>().toEqualTypeOf<Wire.Identity>();
expectTypeOf<Page.Identity>().toEqualTypeOf<Wire.Identity>();
expectTypeOf<keyof Wire.Identity>().toEqualTypeOf<'identifier' | 'identifier_hash' | keyof Server.Profile>();
expectTypeOf<Wire.PageData['identity']>().toEqualTypeOf<Wire.Identity | null | undefined>();
