import { createHmac, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { contactJson, type SandboxContact } from './contact.js';
import { type Conversation, messageJson } from './conversation.js';
import type { Inbox } from './inbox.js';
import type { SandboxEvent } from './record.js';

/** The receiver of the sandbox's webhooks. */
export interface SandboxWebhook {
  /** The URL that receives a POST for each event. */
  readonly url: string | URL;
  /** The key with which the sandbox computes the signature in `X-Chatwoot-Signature`. */
  readonly secret: string;
}

interface Payload extends Record<string, unknown> {
  readonly event: string;
}

/**
 * Sends contact, conversation and message events to a receiver, in order. Signs each event as Chatwoot does:
 * the HMAC covers the time, a dot and the raw body. If a delivery fails, logs it to stderr and continues with
 * the next event. Source: chatwoot/chatwoot pull request 13573.
 *
 * @returns a function that stops the deliveries
 */
export function startWebhook(inbox: Inbox, { url, secret }: SandboxWebhook): () => void {
  const contacts = new Map<number, SandboxContact>();
  const closed = new AbortController();
  let deliveries = Promise.resolve();
  const unsubscribe = inbox.record.subscribe((event) => {
    const payloads = payloadsOf(event);
    deliveries = deliveries.then(() => send(payloads));
  });
  return () => {
    unsubscribe();
    closed.abort();
  };

  async function send(payloads: readonly Payload[]): Promise<void> {
    for (const payload of payloads) {
      if (closed.signal.aborted) return;
      const body = JSON.stringify(payload);
      const timestamp = String(Math.floor(Date.now() / 1000));
      const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
      const headers = {
        'Content-Type': 'application/json',
        'X-Chatwoot-Signature': `sha256=${signature}`,
        'X-Chatwoot-Timestamp': timestamp,
        'X-Chatwoot-Delivery': randomUUID(),
      };
      const signal = AbortSignal.any([closed.signal, AbortSignal.timeout(5000)]);
      try {
        const response = await fetch(url, { method: 'POST', headers, body, signal });
        await response.arrayBuffer();
        if (!response.ok) warn(payload, `responded with ${response.status}`);
      } catch {
        if (!closed.signal.aborted) warn(payload, 'could not be reached');
      }
    }
  }

  function warn({ event }: Payload, outcome: string): void {
    console.warn(
      `The webhook receiver at ${new URL(url).origin} ${outcome}; ${event} will not be sent again.`,
    );
  }

  /** Returns the events that Chatwoot sends for an entry of the record. */
  function payloadsOf(event: SandboxEvent): Payload[] {
    if (event.type === 'session_created') return contactPayloads(event.contactId);
    if (event.type === 'set_user' || event.type === 'contact_update') {
      return event.status === 200 ? contactPayloads(event.contactId) : [];
    }
    const conversation =
      'conversationId' in event && inbox.conversations.find(({ id }) => id === event.conversationId);
    if (!conversation) return [];
    if (event.type !== 'message_created')
      return [{ event: event.type, ...conversationPayload(conversation) }];
    const message = conversation.messages.find(({ id }) => id === event.messageId);
    if (!message) return [];
    return [
      {
        event: 'message_created',
        ...messageJson(message, conversation),
        created_at: message.at.toISOString(),
        message_type: message.from === 'contact' ? 'incoming' : 'outgoing',
        sender: message.from === 'contact' ? contactPayload(conversation.contact) : { id: 1, type: 'user' },
        conversation: conversationPayload(conversation),
        account,
      },
    ];
  }

  /**
   * Returns `contact_created` for a new contact, and `contact_updated` for a contact that has changed since its
   * last event.
   */
  function contactPayloads(id: number | undefined): Payload[] {
    const contact = inbox.contacts.find((each) => each.id === id);
    if (!contact) return [];
    const before = contacts.get(contact.id);
    contacts.set(contact.id, { ...contact });
    const now = contactPayload(contact);
    if (!before) return [{ event: 'contact_created', ...now }];
    const changed = changes(contactJson(before), contactJson(contact));
    return changed.length > 0 ? [{ event: 'contact_updated', changed_attributes: changed, ...now }] : [];
  }
}

const account = { id: 1, name: 'Sandbox' };

const contactPayload = (contact: SandboxContact) => ({ ...contactJson(contact), account });

/**
 * Returns the conversation in the JSON format of Chatwoot's webhooks. The field for a verified session belongs
 * to the conversation, not to the contact.
 */
const conversationPayload = (conversation: Conversation) => {
  const { session, hmacVerified } = conversation;
  return {
    id: conversation.id,
    inbox_id: 1,
    status: 'open',
    channel: session.channel === 'api' ? 'Channel::Api' : 'Channel::WebWidget',
    labels: [...conversation.labels],
    custom_attributes: conversation.customAttributes,
    contact_inbox: {
      id: session.id,
      contact_id: session.contact.id,
      inbox_id: 1,
      hmac_verified: hmacVerified,
    },
    meta: { sender: contactJson(conversation.contact), hmac_verified: hmacVerified },
  };
};

const changes = (before: object, now: object) =>
  Object.entries(now).flatMap(([key, current_value]) => {
    const previous_value = before[key as keyof typeof before];
    return isDeepStrictEqual(previous_value, current_value)
      ? []
      : [{ [key]: { previous_value, current_value } }];
  });
