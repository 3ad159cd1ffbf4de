/** A browser or an API client started or resumed a session. */
export interface SessionOccurrence {
  /** The id of the session. */
  readonly sessionId: number;
  /** The id of the contact that the session belongs to. */
  readonly contactId: number;
}

/** A request identified a user or changed a contact, or the sandbox refused such a request. */
export interface ContactOccurrence {
  /**
   * The HTTP status of the response. 200: accepted. 400: malformed body. 401: hash refused. 404: unknown
   * session. 422: invalid value. 500: hash refused by the public API.
   */
  readonly status: number;
  /** The identifier in the request. */
  readonly identifier: string;
  /** Whether this request proved its identifier with a hash. */
  readonly verified: boolean;
  /** Whether the session is verified after this request. */
  readonly hmacVerified: boolean;
  /** The id of the session; left out if there is none. */
  readonly sessionId?: number;
  /** The id of the contact after this request; left out if there is none. */
  readonly contactId?: number;
}

/** A contact or the agent sent a message. */
export interface MessageOccurrence {
  /** The author of the message. */
  readonly from: 'contact' | 'agent';
  /** The text of the message. */
  readonly content: string;
  /** Whether the session is verified. */
  readonly hmacVerified: boolean;
  /** The id of the message. */
  readonly messageId: number;
  /** The id of the conversation. */
  readonly conversationId: number;
  /** The id of the session in which the conversation was started. */
  readonly sessionId: number;
  /** The id of the contact of that session. */
  readonly contactId: number;
}

/** A visitor or the agent started a conversation. */
export interface ConversationOccurrence extends SessionOccurrence {
  /** The id of the conversation. */
  readonly conversationId: number;
}

/** All kinds of occurrences that the sandbox records, distinguished by `type`. */
export type SandboxOccurrence =
  | ({ readonly type: 'session_created' } & SessionOccurrence)
  | ({ readonly type: 'session_resumed' } & SessionOccurrence)
  | ({ readonly type: 'chat_opened' } & SessionOccurrence)
  | ({ readonly type: 'set_user' } & ContactOccurrence)
  | ({ readonly type: 'contact_update' } & ContactOccurrence)
  | ({ readonly type: 'message_created' } & MessageOccurrence)
  | ({ readonly type: 'conversation_created' } & ConversationOccurrence)
  | { readonly type: 'conversation_updated'; readonly conversationId: number }
  | { readonly type: 'inbox_updated'; readonly hmacMandatory: boolean }
  | { readonly type: 'hmac_token_rotated' };

/**
 * An entry of the sandbox's record: an occurrence with its position and time. An entry never contains a token
 * or a hash.
 */
export type SandboxEvent = SandboxOccurrence & { readonly index: number; readonly at: Date };

/** The append-only log of the requests that the sandbox received, and their outcomes. */
export class EventRecord {
  readonly events: SandboxEvent[] = [];
  readonly #listeners = new Set<(event: SandboxEvent) => void>();
  readonly #waiting = new Set<(error: Error) => void>();

  add(occurrence: SandboxOccurrence): void {
    const event: SandboxEvent = { ...occurrence, index: this.events.length, at: new Date() };
    this.events.push(event);
    for (const listener of [...this.#listeners]) listener(event);
  }

  /**
   * Calls `listener` for every event that is recorded from now on. Returns a function that ends the
   * subscription.
   */
  subscribe(listener: (event: SandboxEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  until(predicate: (event: SandboxEvent) => boolean): Promise<SandboxEvent> {
    const past = this.events.find(predicate);
    if (past) return Promise.resolve(past);
    const promise = new Promise<SandboxEvent>((resolve, reject) => {
      const done = (settle: () => void) => {
        unsubscribe();
        this.#waiting.delete(refuse);
        settle();
      };
      const refuse = (error: Error) => done(() => reject(error));
      const unsubscribe = this.subscribe((event) => {
        try {
          if (predicate(event)) done(() => resolve(event));
        } catch (error) {
          done(() => reject(error));
        }
      });
      this.#waiting.add(refuse);
    });
    promise.catch(() => {}); // a rejected promise that no caller awaits must not end the process
    return promise;
  }

  /** Rejects every promise of `until()` that is still pending. */
  close(): void {
    for (const refuse of [...this.#waiting]) {
      refuse(
        new Error('The sandbox was closed before an event matched; sandbox.record lists the events so far.'),
      );
    }
  }
}
