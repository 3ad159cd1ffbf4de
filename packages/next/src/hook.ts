import { disconnect, refresh, type Status, status, subscribe, toggle } from '@chatwoot-identity/browser';
import { useSyncExternalStore } from 'react';

/** The status and the controls of the page's chat, for buttons and other components of the app. */
export interface Chatwoot {
  /** The status of the chat, which is always `idle` on the server. */
  status: Status;
  /** Opens or closes the chat. Without an argument, toggles the chat. */
  toggle: (state?: 'open' | 'close') => void;
  /**
   * Fetches the identity from `identityUrl` again. Call this function after a login or logout without a page load,
   * and after a change of the user's profile.
   */
  refresh: () => Promise<Status>;
  /** Ends the chat session. Call this function after the user has signed out of the app. */
  disconnect: () => Promise<Status>;
}

const onServer = (): Status => 'idle';

/**
 * Subscribes to the status of the page's chat. The {@link ChatwootWidget} or `<Chatwoot />` may be anywhere in the
 * page.
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
