import { randomInt } from 'node:crypto';
import {
  anonymousContact,
  type Contact,
  type ContactKey,
  contactKeys,
  contactValue,
  holds,
  updateContact,
} from './contact.js';
import { Conversation, type SandboxMessage } from './conversation.js';
import { EventRecord } from './record.js';
import { blank } from './ruby.js';
import { type Channel, Session, SessionTokens } from './session.js';
import type { Params } from './verification.js';

/** Where an inbox begins. */
export interface InboxSettings {
  readonly hmacToken?: string | undefined;
  readonly websiteToken?: string | undefined;
  readonly hmacMandatory?: boolean | undefined;
}

/** All that the sandbox knows: one account with one inbox, in memory. */
export class Inbox {
  readonly websiteToken: string;
  readonly identifier: string = base58(24);
  readonly tokens: SessionTokens = new SessionTokens();
  readonly record: EventRecord = new EventRecord();
  readonly contacts: Contact[] = [];
  readonly sessions: Session[] = [];
  readonly conversations: Conversation[] = [];
  #hmacToken: string;
  #hmacMandatory: boolean;
  #lastId = 0;

  constructor({ hmacToken = base58(24), websiteToken = base58(24), hmacMandatory = false }: InboxSettings) {
    this.#hmacToken = hmacToken;
    this.websiteToken = websiteToken;
    this.#hmacMandatory = hmacMandatory;
  }

  get hmacToken(): string {
    return this.#hmacToken;
  }

  /** The old token is dead at once: Chatwoot never accepts two. */
  rotateHmacToken(): string {
    this.#hmacToken = base58(24);
    this.record.add({ type: 'hmac_token_rotated' });
    return this.#hmacToken;
  }

  get hmacMandatory(): boolean {
    return this.#hmacMandatory;
  }

  set hmacMandatory(hmacMandatory: boolean) {
    this.#hmacMandatory = hmacMandatory;
    this.record.add({ type: 'inbox_updated', hmacMandatory });
  }

  createContact(): Contact {
    const contact = anonymousContact(this.#nextId());
    this.contacts.push(contact);
    return contact;
  }

  /** Opens a session, for a new anonymous contact unless one is given. */
  createSession(channel: Channel, contact: Contact = this.createContact(), sourceId?: string): Session {
    const session = new Session(this.#nextId(), channel, contact, sourceId);
    this.sessions.push(session);
    this.record.add({ type: 'session_created', sessionId: session.id, contactId: contact.id });
    return session;
  }

  findSession(channel: Channel, sourceId: string | undefined): Session | undefined {
    return this.sessions.find((session) => session.channel === channel && session.sourceId === sourceId);
  }

  findContact(key: ContactKey, param: unknown): Contact | undefined {
    const value = contactValue(key, param);
    return value === null ? undefined : this.contacts.find((contact) => holds(contact, key, value));
  }

  /**
   * Tells who a contact is. It is merged into whoever already has the identifier, the e-mail or the phone number,
   * unless they have another identifier: then that column is left out. The identifiers are compared with their
   * types, so a number never equals the string that was stored for it; and a blank identifier merges into anybody.
   */
  identify(contact: Contact, params: Params): Contact {
    const refused = new Set<ContactKey>();
    let identified = contact;
    for (const key of contactKeys) {
      const existing = this.findContact(key, params[key]);
      if (!existing) continue;
      const another = existing.identifier !== null && existing.identifier !== params.identifier;
      if (another && !blank(params.identifier)) refused.add(key);
      else identified = this.#merge(existing, identified);
    }
    updateContact(identified, params, refused);
    return identified;
  }

  /** The conversation that a session goes on with: the latest it may see. */
  conversationOf(session: Session): Conversation | undefined {
    return this.conversations.findLast((conversation) => conversation.visibleTo(session));
  }

  createConversation(session: Session): Conversation {
    const conversation = new Conversation(this.#nextId(), session);
    this.conversations.push(conversation);
    return conversation;
  }

  addMessage(conversation: Conversation, from: SandboxMessage['from'], content: string): SandboxMessage {
    const message = { id: this.#nextId(), from, content, at: new Date() };
    conversation.messages.push(message);
    const { session, contact, hmacVerified } = conversation;
    this.record.add({
      type: 'message_created',
      from,
      content,
      hmacVerified,
      messageId: message.id,
      conversationId: conversation.id,
      sessionId: session.id,
      contactId: contact.id,
    });
    return message;
  }

  /** An agent's reply to a session, in its own conversation or a new one. */
  reply(sessionId: number, content: string): void {
    const session = this.sessions.find(({ id }) => id === sessionId);
    if (!session) throw new RangeError('There is no such session: take an id from sandbox.sessions.');
    const own = this.conversations.findLast((conversation) => conversation.session === session);
    this.addMessage(own ?? this.createConversation(session), 'agent', content);
  }

  #merge(base: Contact, mergee: Contact): Contact {
    if (base === mergee) return base;
    for (const session of this.sessions) if (session.contact === mergee) session.contact = base;
    base.identifier ??= mergee.identifier;
    base.email ??= mergee.email;
    base.phoneNumber ??= mergee.phoneNumber;
    base.avatarUrl ??= mergee.avatarUrl;
    base.customAttributes = { ...mergee.customAttributes, ...base.customAttributes };
    base.additionalAttributes = { ...mergee.additionalAttributes, ...base.additionalAttributes };
    this.contacts.splice(this.contacts.indexOf(mergee), 1);
    return base;
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** A random token as Chatwoot makes them: base58, without 0, O, I and l. */
export function base58(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
