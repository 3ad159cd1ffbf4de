import type { Identity } from './identity.js';
import type { ConnectOptions, InboxOptions } from './options.js';
import { pageConnection } from './page-connection.js';
import type { Status } from './report.js';

export type { Identity } from './identity.js';
export type { ConnectOptions, RequestHeaders } from './options.js';
export type { Status } from './report.js';
export type { ChatwootSettings } from './settings.js';

/** Settles with the status that a change leads to. */
function settled(): Promise<Status> {
  const connection = pageConnection();
  return new Promise((resolve) => {
    const look = () => {
      if (connection.status === 'connecting') return;
      stop();
      resolve(connection.status);
    };
    const stop = connection.subscribe(look);
    look();
  });
}

/**
 * Brings a user into the chat, or nobody. Loads Chatwoot's SDK if the page does not have it. May be called at
 * any time and as often as wanted: the latest identity wins, and the same one again does nothing.
 *
 * @param identity What the identity endpoint answers; null if nobody is signed in; undefined to ask
 *   `options.identityUrl`.
 * @returns The status this leads to; it takes three seconds and more to know that a new identity was not refused.
 * @throws TypeError if baseUrl or websiteToken is missing, if the identity is not signed, or has none of name, email
 *   and avatar_url.
 * @example
 * await connect(undefined, {
 *   baseUrl: 'https://chat.example.com',
 *   websiteToken: 'aaaaaaaaaaaaaaaaaaaaaaaa',
 *   identityUrl: '/chatwoot/identity',
 * });
 */
export async function connect(
  identity: Identity | null | undefined,
  options: ConnectOptions,
): Promise<Status> {
  for (const name of ['baseUrl', 'websiteToken'] as const) {
    if (options[name]) continue;
    throw new TypeError(
      `connect: ${name} is missing. If it is an environment variable, set it where the page is built.`,
    );
  }
  await pageConnection().connect(identity, options as InboxOptions);
  return settled();
}

/**
 * The user has signed out: ends the chat's session in this page and in the other tabs. The cookies are gone
 * when this returns. Call it after the app's own session has ended, so that no tab can ask for it again.
 *
 * @example
 * await fetch('/logout', { method: 'POST' });
 * await disconnect();
 */
export async function disconnect(): Promise<Status> {
  pageConnection().disconnect();
  return settled();
}

/**
 * Asks `identityUrl` anew and follows its answer: after a login or logout without a page load, or a changed
 * profile. If it gives no answer the chat is hidden, but no session ended.
 *
 * @example
 * await fetch('/login', { method: 'POST', body });
 * await refresh();
 */
export async function refresh(): Promise<Status> {
  await pageConnection().refresh();
  return settled();
}

/**
 * Hides the chat without ending its session, for a page that has no place for it. From now on it is unknown who
 * is signed in: the next {@link connect} asks `identityUrl`, whichever identity it is given, and shows the chat
 * again. Until then `refresh` does nothing, and the status is `idle`.
 *
 * @example
 * suspend(); // the last component that shows the chat is gone
 * await connect(identity, options); // it is back: the endpoint says who is signed in now
 */
export function suspend(): void {
  pageConnection().suspend();
}

/**
 * Opens or closes the chat; without an argument, whichever it is not. Does nothing while there is no chat to see.
 *
 * @example
 * button.onclick = () => toggle('open');
 */
export function toggle(state?: 'open' | 'close'): void {
  pageConnection().toggle(state);
}

/** The status now; `idle` on a server. */
export function status(): Status {
  return typeof window === 'undefined' ? 'idle' : pageConnection().status;
}

/**
 * Calls the listener at every change of {@link status}; together they fit React's `useSyncExternalStore`.
 *
 * @returns A function that ends it.
 * @example
 * const stop = subscribe(() => console.log(status()));
 */
export function subscribe(listener: () => void): () => void {
  return pageConnection().subscribe(listener);
}
