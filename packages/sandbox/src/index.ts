export type { SandboxContact } from './contact.js';
export type { SandboxConversation, SandboxMessage } from './conversation.js';
export type {
  ContactOccurrence,
  MessageOccurrence,
  SandboxEvent,
  SandboxOccurrence,
  SessionOccurrence,
} from './record.js';
export { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.js';
export type { Channel, SandboxSession } from './session.js';
