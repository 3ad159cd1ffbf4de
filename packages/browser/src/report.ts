/**
 * The status of the chat in this page.
 * - `idle`: `connect` has not been called, or `suspend` was called after it.
 * - `connecting`: the outcome is not known yet, and one of the statuses below follows.
 * - `connected`: Chatwoot did not refuse the identity within three seconds, or accepted the same identity
 *   before. Chatwoot has no event for success.
 * - `anonymous`: the visitor is not signed in.
 * - `refused`: Chatwoot refused the identity twice. The identity is sent again later, unless its hash is
 *   wrong.
 * - `unavailable`: the chat did not load, or the identity endpoint failed.
 */
export type Status = 'idle' | 'connecting' | 'connected' | 'anonymous' | 'refused' | 'unavailable';

/**
 * The reason for the status `refused` or `unavailable`.
 * - `hash`: Chatwoot refused the `identifier_hash` twice.
 * - `error`: Chatwoot refused the user twice, for another reason.
 * - `session`: the identity endpoint failed. The chat is hidden until the endpoint responds.
 * - `widget`: the chat did not load.
 * - `inbox`: the page already has the chat of another inbox, which only a page load can change.
 */
export type Reason = 'hash' | 'error' | 'session' | 'widget' | 'inbox';

const advice: Partial<Record<Reason, string>> = {
  hash: 'Chatwoot refused the identifier_hash. Run: npx chatwoot-identity explain <identifier> <hash>',
  error: 'Chatwoot refused the user. See the set_user request',
  widget: 'The chat did not load. Check baseUrl, websiteToken, CSP, Trusted Types, window.onmessage',
  inbox: 'The page has the chat of another websiteToken. Reload it',
};

/**
 * The delay before the status changes to `unavailable`, in milliseconds. When the user leaves a page, Firefox
 * aborts the page's requests, which looks like a failure.
 */
const NOTICE = 250;

/** The status of the chat, its listeners, and the events that are dispatched to the page. */
export interface Report {
  readonly status: Status;
  /**
   * Changes the status. The change to `unavailable` is delayed, and is dropped if the status changes again
   * during the delay.
   *
   * @param hint advice for the developer, which replaces the default advice for the reason
   */
  set(status: Status, reason?: Reason, hint?: string): void;
  /** Calls the listener whenever the status may have changed. */
  subscribe(listener: () => void): () => void;
}

export function createReport(): Report {
  let status: Status = 'idle';
  let announced: Reason | undefined; // the latest announced reason: a failure is announced only once
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
      // A hidden page does not announce the failure, because the user may be leaving the page.
      notice = setTimeout(() => change(next, document.hidden ? undefined : reason, hint), NOTICE);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * Dispatches an event on `window` and, on localhost, prints advice for the developer. Neither the event nor
 * the advice contains personal data.
 */
export function announce(event: Status | 'reset', reason?: Reason, hint?: string): void {
  dispatchEvent(new CustomEvent(`chatwoot-identity:${event}`, { detail: reason && { reason } }));
  if (reason && /localhost$|^127\.|^\[::1]/.test(location.hostname))
    console.warn(`[chatwoot-identity] ${hint ?? advice[reason]}`);
}
