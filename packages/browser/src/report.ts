/**
 * The state of the chat in this page.
 * - `idle`: `connect` has not been called, or not since `suspend`.
 * - `connecting`: about to change to one of the following.
 * - `connected`: the identity was sent and Chatwoot did not refuse it within three seconds, or accepted the same one
 *   before. Chatwoot has no event for success.
 * - `anonymous`: the visitor is not signed in.
 * - `refused`: Chatwoot refused the identity, and also the one that was fetched again. It is sent again later, unless
 *   its hash is wrong.
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
  widget:
    'The chat did not load. Check baseUrl, websiteToken, CSP (under Trusted Types it must allow the policies chatwoot-identity and default), window.onmessage',
  inbox: 'The page has the chat of another websiteToken. Reload it',
};

/** Dispatches an event for the page, and prints advice for the developer. Neither contains personal data. */
export function announce(event: Status | 'reset', reason?: Reason, hint?: string): void {
  dispatchEvent(new CustomEvent(`chatwoot-identity:${event}`, { detail: reason && { reason } }));
  if (reason && /localhost$|^127\.|^\[::1]/.test(location.hostname))
    console.warn(`[chatwoot-identity] ${hint ?? advice[reason]}`);
}
