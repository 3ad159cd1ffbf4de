import { disconnect, refresh, type Status, status, subscribe, toggle } from '@chatwoot-identity/browser';
import { useSyncExternalStore } from 'react';

/** The chat of this page, for the app's own buttons. */
export interface Chatwoot {
  /** How the visitor and the chat stand to each other; `idle` on the server. */
  status: Status;
  /** Opens or closes the chat; without an argument, whichever it is not. */
  toggle: (state?: 'open' | 'close') => void;
  /** Asks `identityUrl` again who is signed in: after a login or logout by fetch, or a changed profile. */
  refresh: () => Promise<Status>;
  /** Ends the chat's session, after the app's own has ended. */
  disconnect: () => Promise<Status>;
}

const onServer = (): Status => 'idle';

/**
 * Follows the chat that a {@link ChatwootWidget} or `<Chatwoot />` somewhere in the page has loaded.
 *
 * @example
 * const { status, toggle } = useChatwoot();
 * return <button disabled={status === 'unavailable'} onClick={() => toggle('open')}>Ask us</button>;
 */
export function useChatwoot(): Chatwoot {
  return { status: useSyncExternalStore(subscribe, status, onServer), toggle, refresh, disconnect };
}
