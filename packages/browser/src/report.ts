/**
 * How the page and the chat stand to each other.
 * - `idle`: `connect` has not been called, or not since `suspend`.
 * - `connecting`: on the way to one of the following.
 * - `connected`: the identity was sent and Chatwoot did not refuse it in the three seconds since, or accepted
 *   the same one before. Chatwoot has no event for success.
 * - `anonymous`: nobody is signed in.
 * - `refused`: Chatwoot did not take the identity, nor the one fetched after it.
 * - `unavailable`: the chat did not load, or nobody could say who is signed in.
 */
export type Status = 'idle' | 'connecting' | 'connected' | 'anonymous' | 'refused' | 'unavailable';

/**
 * Why the visitor is not in the chat as themselves.
 * - `hash`: Chatwoot refused the identifier_hash, twice.
 * - `error`: Chatwoot could not take the user for another reason, twice.
 * - `session`: the identity endpoint could not say who is signed in. The chat is hidden until it can.
 * - `widget`: the chat did not load.
 * - `inbox`: the page has the chat of another inbox already; only a page load can change it.
 */
export type Reason = 'hash' | 'error' | 'session' | 'widget' | 'inbox';

const advice: Partial<Record<Reason, string>> = {
  hash: 'Chatwoot refused the identifier_hash. Run: npx chatwoot-identity explain <identifier> <hash>',
  error: 'Chatwoot refused the user. See the request set_user',
  widget: 'The chat did not load. Check baseUrl, websiteToken, CSP, window.onmessage',
  inbox: 'The page has the chat of another websiteToken. Reload it',
};

/** Tells the page what happened, and the developer what to do, without naming anybody. */
export function announce(event: Status | 'reset', reason?: Reason, hint?: string): void {
  dispatchEvent(new CustomEvent(`chatwoot-identity:${event}`, { detail: reason && { reason } }));
  if (reason && /localhost$|^127\.|^\[::1]/.test(location.hostname))
    console.warn(`[chatwoot-identity] ${hint ?? advice[reason]}`);
}
