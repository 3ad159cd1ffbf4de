/**
 * The state of the chat in this page.
 * - `idle`: `connect` has not been called, or not since `suspend`.
 * - `connecting`: about to change to one of the statuses below.
 * - `connected`: the identity was sent and Chatwoot did not refuse it within three seconds, or accepted the same one
 *   before. Chatwoot has no event for success.
 * - `anonymous`: the visitor is not signed in.
 * - `refused`: Chatwoot refused the identity twice. It is sent again later, unless its hash is wrong.
 * - `unavailable`: the chat did not load, or the endpoint could not tell who is signed in.
 */
export type Status = 'idle' | 'connecting' | 'connected' | 'anonymous' | 'refused' | 'unavailable';

/**
 * The reason for the status `refused` or `unavailable`.
 * - `hash`: Chatwoot refused the identifier_hash, twice.
 * - `error`: Chatwoot refused the user for another reason, twice.
 * - `session`: the identity endpoint could not tell who is signed in. The chat is hidden until it can.
 * - `widget`: the chat did not load.
 * - `inbox`: the page has the chat of another inbox already; only a page load can change it.
 */
export type Reason = 'hash' | 'error' | 'session' | 'widget' | 'inbox';

const advice: Partial<Record<Reason, string>> = {
  hash: 'Chatwoot refused the identifier_hash. Run: npx chatwoot-identity explain <identifier> <hash>',
  error: 'Chatwoot refused the user. See the request set_user',
  widget: 'The chat did not load. Check baseUrl, websiteToken, CSP, Trusted Types, window.onmessage',
  inbox: 'The page has the chat of another websiteToken. Reload it',
};

/**
 * How long `unavailable` is delayed, in milliseconds: when the user leaves a page, Firefox aborts its requests, which
 * looks like a failure.
 */
const NOTICE = 250;

/** The status of the chat, its listeners, and its events for the page. */
export interface Report {
  readonly status: Status;
  /**
   * Changes the status. `unavailable` is reported after a short delay, unless the status changes again before then.
   *
   * @param hint the advice for the developer, if it is not that of the reason
   */
  set(status: Status, reason?: Reason, hint?: string): void;
  /** Calls the listener whenever the status may have changed. */
  subscribe(listener: () => void): () => void;
}

export function createReport(): Report {
  let status: Status = 'idle';
  let announced: Reason | undefined; // a failure is announced once, however often it is retried
  let notice: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<() => void>();

  function change(next: Status, reason?: Reason, hint?: string): void {
    clearTimeout(notice);
    if (next === status) return;
    status = next;
    if (reason ? reason !== announced : next === 'connected') announce(next, reason, hint);
    if (next !== 'connecting') announced = reason;
    for (const listener of listeners) listener();
  }

  return {
    get status() {
      return status;
    },
    set(next, reason, hint) {
      if (next !== 'unavailable' || status === next) return change(next, reason, hint);
      change('connecting');
      // A hidden page, such as one that is being left, does not announce it.
      notice = setTimeout(() => change(next, document.hidden ? undefined : reason, hint), NOTICE);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Dispatches an event for the page, and prints advice for the developer. Neither contains personal data. */
export function announce(event: Status | 'reset', reason?: Reason, hint?: string): void {
  dispatchEvent(new CustomEvent(`chatwoot-identity:${event}`, { detail: reason && { reason } }));
  if (reason && /localhost$|^127\.|^\[::1]/.test(location.hostname))
    console.warn(`[chatwoot-identity] ${hint ?? advice[reason]}`);
}
