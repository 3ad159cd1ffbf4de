import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Contact, SandboxContact } from './contact.js';

/** The origin of a session: the widget in a page, or the public client API. */
export type Channel = 'web_widget' | 'api';

/**
 * The session of a browser or an API client. Chatwoot calls such a session a contact_inbox. Chatwoot verifies
 * sessions, not contacts, and a verified session remains verified.
 */
export interface SandboxSession {
  /** The id of the session. */
  readonly id: number;
  /** The origin of the session: the widget or the public client API. */
  readonly channel: Channel;
  /** The contact that the session belongs to. */
  readonly contact: SandboxContact;
  /** Whether the session has proved its identifier with a hash. */
  readonly hmacVerified: boolean;
  /** The time of the session's first request. */
  readonly createdAt: Date;
}

/**
 * A session inside the sandbox. The source id and the pubsub token are private fields, so that logs and
 * `util.inspect` do not show them.
 */
export class Session implements SandboxSession {
  readonly id: number;
  readonly channel: Channel;
  readonly createdAt: Date = new Date();
  contact: Contact;
  hmacVerified = false;
  readonly #sourceId: string;
  readonly #pubsubToken = randomBytes(18).toString('base64url');

  constructor(id: number, channel: Channel, contact: Contact, sourceId: string = randomUUID()) {
    this.id = id;
    this.channel = channel;
    this.contact = contact;
    this.#sourceId = sourceId;
  }

  get sourceId(): string {
    return this.#sourceId;
  }

  get pubsubToken(): string {
    return this.#pubsubToken;
  }
}

const days180 = 180 * 24 * 60 * 60;
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * Issues and reads the widget's session token: a JWT signed with HS256 that contains the source id and is
 * valid for 180 days.
 */
export class SessionTokens {
  readonly #secret = randomBytes(32);

  issue(session: Session): string {
    const iat = Math.floor(Date.now() / 1000);
    const payload = { source_id: session.sourceId, inbox_id: 1, iat, exp: iat + days180 };
    const body = `${encode({ alg: 'HS256' })}.${encode(payload)}`;
    return `${body}.${this.#sign(body)}`;
  }

  /**
   * Returns the source id in a token. Returns undefined if this sandbox did not issue the token, or if the
   * token was modified or has expired.
   */
  read(token: string): string | undefined {
    const cut = token.lastIndexOf('.');
    const signature = Buffer.from(token.slice(cut + 1));
    const expected = Buffer.from(this.#sign(token.slice(0, cut)));
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return undefined;
    const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return payload.exp * 1000 > Date.now() ? payload.source_id : undefined;
  }

  #sign(body: string): string {
    return createHmac('sha256', this.#secret).update(body).digest('base64url');
  }
}
