export type { SandboxContact } from './contact.js';
export type { SandboxConversation, SandboxMessage } from './conversation.js';
export type {
  ContactOccurrence,
  ConversationOccurrence,
  MessageOccurrence,
  SandboxEvent,
  SandboxOccurrence,
  SessionOccurrence,
} from './record.js';
export { type Sandbox, type SandboxGeneration, type SandboxOptions, startSandbox } from './sandbox.js';
export type { Channel, SandboxSession } from './session.js';
export type { SandboxWebhook } from './webhook.js';
