import type { SandboxContact } from './contact.js';
import type { Session } from './session.js';

/** One line of a conversation. */
export interface SandboxMessage {
  readonly id: number;
  readonly from: 'contact' | 'agent';
  readonly content: string;
  readonly at: Date;
}

/** A conversation; `hmacVerified` is that of the session it was started in. */
export interface SandboxConversation {
  readonly id: number;
  readonly sessionId: number;
  readonly contact: SandboxContact;
  readonly hmacVerified: boolean;
  readonly messages: readonly SandboxMessage[];
  readonly labels: ReadonlySet<string>;
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
