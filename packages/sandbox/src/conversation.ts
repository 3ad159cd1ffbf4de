import type { SandboxContact } from './contact.js';
import type { Session } from './session.js';

/** A message in a conversation. */
export interface SandboxMessage {
  /** The message's id. */
  readonly id: number;
  /** The author. */
  readonly from: 'contact' | 'agent';
  /** The text. */
  readonly content: string;
  /** The time at which it was sent. */
  readonly at: Date;
}

/** A conversation between a contact and the agent. */
export interface SandboxConversation {
  /** The conversation's id. */
  readonly id: number;
  /** The session in which it was started. */
  readonly sessionId: number;
  /** The contact who started it. */
  readonly contact: SandboxContact;
  /** Whether the session in which it was started is verified. */
  readonly hmacVerified: boolean;
  /** Its messages, oldest first. */
  readonly messages: readonly SandboxMessage[];
  /** Its labels. */
  readonly labels: ReadonlySet<string>;
  /** Its custom attributes. */
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
   * A verified session sees the conversations of all verified sessions of its contact in the same inbox; an
   * unverified one sees only its own.
   */
  visibleTo(session: Session): boolean {
    if (!session.hmacVerified) return this.session === session;
    const { contact, channel, hmacVerified } = this.session;
    return hmacVerified && contact === session.contact && channel === session.channel;
  }
}

/** A message as the widget's and the public API write it. */
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
