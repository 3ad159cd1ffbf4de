import { ask } from './endpoint.js';
import { assertSigned, type Identity } from './identity.js';
import type { InboxOptions } from './options.js';
import { announce, type Reason, type Status } from './report.js';
import { rememberSession, type Session } from './session.js';
import { followWidget, type Widget } from './widget.js';

/** The one connection of a page. */
export interface Connection {
  readonly status: Status;
  /** `undefined` asks `options.identityUrl` who is signed in. */
  connect(identity: Identity | null | undefined, options: InboxOptions): Promise<void>;
  disconnect(): void;
  refresh(): Promise<void>;
  toggle(state?: 'open' | 'close'): void;
  subscribe(listener: () => void): () => void;
}

/** How long Chatwoot has to refuse an identity before it counts as accepted, in milliseconds. */
const GRACE = 3_000;

/**
 * Brings the chat to whoever is wanted in it. Every input only says who is wanted or that something happened;
 * `reconcile` then takes the next step from what is to what is wanted. So steps never overlap, the latest
 * identity wins, and nothing queues.
 */
export function createConnection(): Connection {
  let options: InboxOptions | undefined;
  let session: Session;
  let wanted: Identity | null | undefined; // undefined: not known, the chat stays hidden
  let occupant: string | null = null; // whose session the widget has; '' for somebody unknown
  let sent: string | undefined; // what the widget's present document was told
  let accepted = false;
  let refused: string | undefined; // what is not to be sent again
  let refusal: Reason;
  let retried = false;
  let grace: ReturnType<typeof setTimeout> | undefined;
  let questions = 0;
  let status: Status = 'idle';
  const listeners = new Set<() => void>();

  const widget: Widget = followWidget({
    ready(token) {
      clearTimeout(grace);
      sent = undefined;
      if (!options) return; // the app may have a widget of its own
      session.begin(token);
      occupant ??= session.sharer();
      reconcile();
    },
    error,
    lost: () => settle('unavailable', 'widget'),
  });

  function settle(next: Status, reason?: Reason, hint?: string): void {
    if (next === status) return;
    status = next;
    if (reason || next === 'connected') announce(next, reason, hint);
    for (const listener of listeners) listener();
  }

  function want(identity: Identity | null): void {
    if (identity) assertSigned(identity);
    questions++; // an answer still on its way is out of date
    occupant ??= session.holder();
    wanted = identity;
    reconcile();
  }

  function reconcile(): void {
    const next = step();
    settle(next, next === 'refused' ? refusal : undefined);
  }

  function step(): Status {
    if (!options) return status;
    if (wanted === undefined) {
      widget.veil(true);
      return status;
    }

    if (occupant !== null && occupant !== wanted?.identifier) {
      const loading = widget.state === 'loading';
      session.forget(occupant, loading);
      if (loading) {
        // It may come up with the session that was just forgotten: it is reset when it has.
        occupant = '';
        return 'connecting';
      }
      clearTimeout(grace);
      occupant = null;
      sent = refused = undefined;
      accepted = false;
      widget.reset();
      announce('reset');
    }

    const hidden = !wanted && options.anonymous === 'hide';
    if (widget.state === 'absent' || widget.state === 'lost') {
      if (hidden) return 'anonymous';
      widget.start(options);
    }
    if (widget.state !== 'ready') return 'connecting';
    widget.veil(hidden);
    if (!wanted) return 'anonymous';

    const message = JSON.stringify(wanted);
    if (message === refused) return 'refused';
    if (message !== sent) send(wanted, message);
    return accepted ? 'connected' : 'connecting';
  }

  function send(identity: Identity, message: string): void {
    clearTimeout(grace);
    occupant = identity.identifier;
    sent = message;
    accepted = session.claim(identity);
    widget.identify(identity);
    if (accepted) return;
    grace = setTimeout(() => {
      accepted = true;
      session.accept(identity);
      reconcile();
    }, GRACE);
  }

  function error(detail: unknown): void {
    // An empty one is the SDK's own malformed replay of an earlier user (chatwoot/chatwoot 6610).
    if (sent === undefined || JSON.stringify(detail) === '{}') return;
    clearTimeout(grace);
    session.reject(occupant!);
    const message = sent;
    sent = undefined;
    accepted = false;
    if (!retried && options?.identityUrl) {
      retried = true;
      settle('connecting');
      void question();
    } else {
      refused = message;
      refusal = /^HMAC/.test((detail as { error: unknown } | null)?.error as string) ? 'hash' : 'error';
      reconcile();
    }
  }

  async function question(): Promise<void> {
    const identityUrl = options?.identityUrl;
    if (!identityUrl) throw new TypeError('connect() needs identityUrl');
    const turn = ++questions;
    if (wanted === undefined) {
      widget.veil(true);
      settle('connecting');
    }
    try {
      const identity = await ask(identityUrl);
      if (turn === questions) want(identity);
    } catch (error) {
      if (turn !== questions) return;
      wanted = undefined;
      widget.veil(true);
      settle('unavailable', 'session', (error as Error).message);
    }
  }

  /** Something may have happened elsewhere: in another tab, on the server, while this page lay in the cache. */
  function review(restored?: boolean): void {
    if (!options) return;
    const hasMoved = () => session.owner() !== occupant && (!wanted || occupant === wanted.identifier);
    const moved = hasMoved();
    if (occupant === null && widget.state === 'ready') occupant = session.sharer();
    if (occupant !== null && hasMoved()) {
      wanted = null;
      reconcile();
    }
    if (!options.identityUrl) return;
    if (restored) wanted = undefined;
    if (moved || wanted === undefined || (accepted && !session.alive())) void question();
  }

  addEventListener('pageshow', (event) => event.persisted && review(true));
  addEventListener('storage', () => review());
  addEventListener('online', () => review());
  document.addEventListener('visibilitychange', () => document.hidden || review());

  return {
    get status() {
      return status;
    },
    async connect(identity, next) {
      const inbox = window.$chatwoot?.websiteToken ?? options?.websiteToken ?? next.websiteToken;
      if (inbox !== next.websiteToken) return settle('unavailable', 'inbox');
      session ??= rememberSession(inbox);
      options = next;
      retried = false;
      if (identity === undefined) await question();
      else want(identity);
    },
    disconnect() {
      if (options) want(null);
    },
    refresh() {
      retried = false;
      return question();
    },
    toggle: widget.toggle,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
