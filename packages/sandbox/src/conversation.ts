import type { SandboxContact } from './contact.js';
import type { Session } from './session.js';

/** A message in a conversation. */
export interface SandboxMessage {
  /** The id of the message. */
  readonly id: number;
  /** The author of the message. */
  readonly from: 'contact' | 'agent';
  /** The text of the message. */
  readonly content: string;
  /** The time at which the message was sent. */
  readonly at: Date;
}

/** A conversation between a contact and the agent. */
export interface SandboxConversation {
  /** The id of the conversation. */
  readonly id: number;
  /** The session in which the conversation was started. */
  readonly sessionId: number;
  /** The contact who started the conversation. */
  readonly contact: SandboxContact;
  /** Whether the session in which the conversation was started is verified. */
  readonly hmacVerified: boolean;
  /** The messages of the conversation, oldest first. */
  readonly messages: readonly SandboxMessage[];
  /** The labels of the conversation. */
  readonly labels: ReadonlySet<string>;
  /** The custom attributes of the conversation. */
  readonly customAttributes: Readonly<Record<string, unknown>>;
}

/** A conversation inside the sandbox. */
export class Conversation implements SandboxConversation {
  readonly id: number;
  readonly session: Session;
  readonly messages: SandboxMessage[] = [];
  readonly labels: Set<string> = new Set();
  customAttributes: Record<string, unknown> = {};

  constructor(id: number, session: Session) {
    this.id = id;
    this.session = session;
  }

  get sessionId(): number {
    return this.session.id;
  }

  get contact(): SandboxContact {
    return this.session.contact;
  }

  get hmacVerified(): boolean {
    return this.session.hmacVerified;
  }

  /**
   * Returns true if a session may read this conversation. A verified session sees the conversations of all verified
   * sessions of its contact in the same inbox. An unverified session sees only its own conversations.
   */
  visibleTo(session: Session): boolean {
    if (!session.hmacVerified) return this.session === session;
    const { contact, channel, hmacVerified } = this.session;
    return hmacVerified && contact === session.contact && channel === session.channel;
  }
}

/** Returns a message in the JSON format of the widget's API and the public client API. */
export const messageJson = (
  message: SandboxMessage,
  conversation: Conversation,
): Record<string, unknown> => ({
  id: message.id,
  content: message.content,
  message_type: message.from === 'contact' ? 0 : 1,
  content_type: 'text',
  content_attributes: {},
  created_at: Math.floor(message.at.getTime() / 1000),
  conversation_id: conversation.id,
});
