import type { Inbox } from '@chatwoot-identity/core';
import {
  type Channel,
  type ContactOccurrence,
  type ConversationOccurrence,
  type MessageOccurrence,
  type Sandbox,
  type SandboxContact,
  type SandboxConversation,
  type SandboxEvent,
  type SandboxGeneration,
  type SandboxMessage,
  type SandboxOccurrence,
  type SandboxOptions,
  type SandboxSession,
  type SandboxWebhook,
  type SessionOccurrence,
  startSandbox,
} from '@chatwoot-identity/sandbox';
import { expectTypeOf } from 'expect-type';

expectTypeOf(startSandbox).toEqualTypeOf<(options?: SandboxOptions) => Promise<Sandbox>>();
expectTypeOf<keyof SandboxOptions>().toEqualTypeOf<
  'port' | 'hmacToken' | 'websiteToken' | 'hmacMandatory' | 'generation' | 'labels' | 'webhook'
>();
expectTypeOf<SandboxGeneration>().toEqualTypeOf<'4.16' | '4.18'>();
expectTypeOf<NonNullable<SandboxOptions['webhook']>>().toEqualTypeOf<SandboxWebhook>();
// Core accepts the sandbox's inbox, although the sandbox does not depend on core.
expectTypeOf<Sandbox['inbox']>().toExtend<Inbox>();
expectTypeOf<Sandbox['hmacMandatory']>().toEqualTypeOf<boolean>();
expectTypeOf<Sandbox['rotateHmacToken']>().toEqualTypeOf<() => string>();
expectTypeOf<Sandbox['reply']>().toEqualTypeOf<(sessionId: number, content: string) => void>();
expectTypeOf<Sandbox['close']>().toEqualTypeOf<() => Promise<void>>();
expectTypeOf<Sandbox['contacts']>().toEqualTypeOf<readonly SandboxContact[]>();
expectTypeOf<Sandbox['sessions']>().toEqualTypeOf<readonly SandboxSession[]>();
expectTypeOf<Sandbox['conversations']>().toEqualTypeOf<readonly SandboxConversation[]>();
expectTypeOf<Sandbox['record']>().toEqualTypeOf<readonly SandboxEvent[]>();
expectTypeOf<SandboxConversation['messages']>().toEqualTypeOf<readonly SandboxMessage[]>();
expectTypeOf<SandboxSession['channel']>().toEqualTypeOf<Channel>();

export async function checkEvents(sandbox: Sandbox): Promise<void> {
  expectTypeOf(await sandbox.until(({ type }) => type === 'set_user')).toExtend<SandboxEvent>();
  const message = await sandbox.until((event) => event.type === 'message_created');
  expectTypeOf(message).toExtend<MessageOccurrence>();
}
type Occurrence<Type> = Extract<SandboxOccurrence, { type: Type }>;
expectTypeOf<
  Occurrence<'session_created' | 'session_resumed' | 'chat_opened'>
>().toExtend<SessionOccurrence>();
expectTypeOf<Occurrence<'conversation_created'>>().toExtend<ConversationOccurrence>();
expectTypeOf<Occurrence<'set_user' | 'contact_update'>>().toExtend<ContactOccurrence>();
expectTypeOf<Occurrence<'inbox_updated'>['hmacMandatory']>().toEqualTypeOf<boolean>();
