import { disconnect, refresh, type Status, status, subscribe, toggle } from '@chatwoot-identity/browser';
import { useSyncExternalStore } from 'react';

/** The chat of the page, for the app's own buttons. */
export interface Chatwoot {
  /** The status of the chat; `idle` on the server. */
  status: Status;
  /** Opens or closes the chat. Without an argument, it toggles. */
  toggle: (state?: 'open' | 'close') => void;
  /**
   * Fetches the identity from `identityUrl` again. Call it after a login or logout by fetch, or after a change of the
   * profile.
   */
  refresh: () => Promise<Status>;
  /** Ends the chat's session. Call it after the app's own session has ended. */
  disconnect: () => Promise<Status>;
}

const onServer = (): Status => 'idle';

/**
 * Subscribes to the chat of the page's {@link ChatwootWidget} or `<Chatwoot />`, wherever that component is rendered.
 *
 * @returns the status of the chat, and functions that control it
 * @example
 * function HelpButton() {
 *   const { status, toggle } = useChatwoot();
 *   return <button disabled={status === 'unavailable'} onClick={() => toggle('open')}>Ask us</button>;
 * }
 */
export function useChatwoot(): Chatwoot {
  return { status: useSyncExternalStore(subscribe, status, onServer), toggle, refresh, disconnect };
}
