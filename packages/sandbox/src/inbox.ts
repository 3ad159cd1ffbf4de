import { randomInt } from 'node:crypto';
import {
  anonymousContact,
  type Contact,
  type ContactKey,
  contactKeys,
  contactValue,
  holds,
  updateContact,
  validateLengths,
} from './contact.js';
import { Conversation, type SandboxMessage } from './conversation.js';
import { EventRecord } from './record.js';
import { blank, deepMerge } from './ruby.js';
import { type Channel, Session, SessionTokens } from './session.js';
import type { Params } from './verification.js';

/** The initial settings of an inbox. */
export interface InboxSettings {
  readonly hmacToken?: string | undefined;
  readonly websiteToken?: string | undefined;
  readonly hmacMandatory?: boolean | undefined;
  readonly labels?: readonly string[] | undefined;
}

/** The data of the sandbox: one account with one inbox, stored in memory. */
export class Inbox {
  readonly websiteToken: string;
  readonly identifier: string = base58(24);
  /** The labels that the account defines. */
  readonly labels: ReadonlySet<string>;
  readonly tokens: SessionTokens = new SessionTokens();
  readonly record: EventRecord = new EventRecord();
  readonly contacts: Contact[] = [];
  readonly sessions: Session[] = [];
  readonly conversations: Conversation[] = [];
  #hmacToken: string;
  #hmacMandatory: boolean;
  #lastId = 0;

  constructor(settings: InboxSettings) {
    const { hmacToken = base58(24), websiteToken = base58(24), hmacMandatory = false, labels } = settings;
    this.#hmacToken = hmacToken;
    this.websiteToken = websiteToken;
    this.#hmacMandatory = hmacMandatory;
    this.labels = new Set(labels);
  }

  get hmacToken(): string {
    return this.#hmacToken;
  }

  /**
   * Replaces the HMAC token. The old token stops working immediately, because Chatwoot never accepts two
   * tokens.
   */
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

  /** Opens a session for the given contact, or for a new anonymous contact if none is given. */
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
   * Identifies a contact. Merges the contact into the existing contact with the same identifier, email address
   * or phone number. If the existing contact has another identifier, does not merge, and ignores the email
   * address or phone number that matched. Compares identifiers including their types, so the number 42 never
   * equals the stored string "42". A blank identifier allows a merge into any contact.
   *
   * @throws RecordInvalid if a value is too long. If this error is thrown, nothing was merged or stored.
   */
  identify(contact: Contact, params: Params): Contact {
    validateLengths(params);
    const refused = new Set<ContactKey>();
    let identified = contact;
    for (const key of contactKeys) {
      const existing = this.findContact(key, params[key]);
      if (!existing) continue;
      const another = existing.identifier !== null && existing.identifier !== params.identifier;
      if ((another && !blank(params.identifier)) || hasAnotherEmail(key, existing, params)) refused.add(key);
      else identified = this.#merge(existing, identified);
    }
    updateContact(identified, params, refused);
    return identified;
  }

  /** Returns the conversation that a session continues: the latest conversation that the session may see. */
  conversationOf(session: Session): Conversation | undefined {
    return this.conversations.findLast((conversation) => conversation.visibleTo(session));
  }

  createConversation(session: Session, customAttributes: Record<string, unknown> = {}): Conversation {
    const conversation = new Conversation(this.#nextId(), session);
    conversation.customAttributes = customAttributes;
    this.conversations.push(conversation);
    this.record.add({
      type: 'conversation_created',
      conversationId: conversation.id,
      sessionId: session.id,
      contactId: session.contact.id,
    });
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

  /**
   * Adds an agent's reply to the conversation that the session's widget shows. Starts a conversation if the
   * widget shows none.
   */
  reply(sessionId: number, content: string): void {
    const session = this.sessions.find(({ id }) => id === sessionId);
    if (!session) throw new RangeError('No session has this id. Take an id from sandbox.sessions.');
    this.addMessage(this.conversationOf(session) ?? this.createConversation(session), 'agent', content);
  }

  #merge(base: Contact, mergee: Contact): Contact {
    if (base === mergee) return base;
    for (const session of this.sessions) if (session.contact === mergee) session.contact = base;
    base.identifier ??= mergee.identifier;
    base.email ??= mergee.email;
    base.phoneNumber ??= mergee.phoneNumber;
    base.avatarUrl ??= mergee.avatarUrl;
    base.customAttributes = deepMerge(mergee.customAttributes, base.customAttributes);
    base.additionalAttributes = deepMerge(mergee.additionalAttributes, base.additionalAttributes);
    this.contacts.splice(this.contacts.indexOf(mergee), 1);
    return base;
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}

/**
 * Returns true if a phone number matches a contact with another email address. The email address takes
 * precedence, so such contacts are not merged.
 */
const hasAnotherEmail = (key: ContactKey, existing: Contact, { email }: Params): boolean =>
  key === 'phone_number' && !blank(email) && existing.email !== contactValue('email', email);

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Returns a random token in Chatwoot's format: base58, without 0, O, I and l. */
export function base58(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
