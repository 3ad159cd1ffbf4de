/**
 * Why the visitor is not in the chat as themselves.
 * - `hash`: Chatwoot refused the identifier_hash, twice.
 * - `error`: Chatwoot could not take the user for another reason, twice.
 * - `session`: the identity endpoint could not say who is signed in. The chat is hidden until it can.
 * - `widget`: the chat did not load.
 * - `inbox`: the page has the chat of another inbox already; only a page load can change it.
 */
export type Reason = 'hash' | 'error' | 'session' | 'widget' | 'inbox';

const advice: Record<Reason, string> = {
  hash: 'Chatwoot refused the identifier_hash. Run: npx chatwoot-identity explain',
  error: 'Chatwoot did not take the user. See the set_user request of its frame',
  session: 'identityUrl gave no answer. See its request',
  widget: 'The chat did not load. Check baseUrl, websiteToken, CSP (script-src, frame-src), window.onmessage',
  inbox: 'The page has the chat of another websiteToken until it is loaded anew',
};

/** Tells the page what happened, without naming anybody. */
export function announce(event: 'connected' | 'refused' | 'unavailable' | 'reset', reason?: Reason): void {
  dispatchEvent(new CustomEvent(`chatwoot-identity:${event}`, { detail: reason ? { reason } : null }));
  if (reason && /^(localhost|.*\.localhost|127\..*|\[::1])$/.test(location.hostname))
    console.warn(`[chatwoot-identity] ${advice[reason]}`);
}
