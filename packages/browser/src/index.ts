import type { Identity } from '@chatwoot-identity/core/wire';
import type { ConnectOptions, InboxOptions } from './options.js';
import { pageConnection } from './page-connection.js';
import type { Status } from './report.js';

export type { ChatwootSettings, Identity } from '@chatwoot-identity/core/wire';
export type { ConnectOptions, RequestHeaders } from './options.js';
export type { Status } from './report.js';

/** Waits until the status is no longer `connecting`, and returns the new status. */
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

/** Whether the chat already has this user or, with null, an anonymous visitor. */
function isInChat(identity: Identity | null): boolean {
  return pageConnection().state?.wanted === (identity?.identifier ?? 'anonymous');
}

/**
 * Connects the chat to the signed-in user, or to an anonymous visitor. Loads Chatwoot's SDK if the page has
 * not loaded it. Can be called at any time and repeatedly: the latest identity wins, and a call with the same
 * identity has no effect.
 *
 * @param identity The identity as the endpoint returns it; null for an anonymous visitor; undefined to fetch
 *   it from `options.identityUrl`.
 * @param options The inbox, the identity endpoint and the widget's appearance.
 * @returns The resulting status. Chatwoot reports only refusals, so a new identity counts as accepted after
 *   three seconds without a refusal. The promise resolves to `connected` only then.
 * @throws {TypeError} if baseUrl or websiteToken is missing, if the identity is not signed, or if the
 *   identity has no name, email or avatar_url
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
      `connect: ${name} is missing. Set its environment variable where the page is built, with the prefix for client code (NEXT_PUBLIC_, VITE_).`,
    );
  }
  const connection = pageConnection();
  const isDoubtful = options.confirm && options.identityUrl && identity !== undefined && !isInChat(identity);
  if (isDoubtful) connection.suspend(); // hides the chat until the endpoint has answered
  await connection.connect(isDoubtful ? undefined : identity, options as InboxOptions);
  return settled();
}

/**
 * Ends the chat session in this page and in the other tabs. Call `disconnect` when the user has signed out
 * and the app's own session has ended, so that no tab can fetch the identity again. `disconnect` expires the
 * chat's cookies before it returns the promise.
 *
 * @returns The resulting status.
 * @example
 * await fetch('/logout', { method: 'POST' });
 * await disconnect();
 */
export async function disconnect(): Promise<Status> {
  pageConnection().disconnect();
  return settled();
}

/**
 * Fetches the identity from `identityUrl` again and applies it. Call `refresh` after a login or logout
 * without a page load, and after a change of the profile. If the endpoint fails, the chat is hidden, but its
 * session does not end.
 *
 * @returns The resulting status.
 * @throws {TypeError} if `connect` was called without `identityUrl`
 * @example
 * await fetch('/login', { method: 'POST', body });
 * await refresh();
 */
export async function refresh(): Promise<Status> {
  await pageConnection().refresh();
  return settled();
}

/**
 * Hides the chat without ending its session, for views of the app that have no chat. The next call of {@link
 * connect} shows the chat again, and fetches the identity from `identityUrl` even if an identity is passed,
 * because the user may have signed out in the meantime. Until `connect` is called again, `refresh` has no
 * effect, and the status is `idle`.
 *
 * @example
 * suspend(); // the last component with the chat was unmounted
 * await connect(undefined, options); // mounted again: this call fetches the identity from the endpoint
 */
export function suspend(): void {
  pageConnection().suspend();
}

/**
 * Opens or closes the chat; without an argument, toggles the chat. Has no effect while the chat is hidden or
 * not ready.
 *
 * @param state `'open'` or `'close'`.
 * @example
 * button.onclick = () => toggle('open');
 */
export function toggle(state?: 'open' | 'close'): void {
  pageConnection().toggle(state);
}

/**
 * Returns the current status of the chat.
 *
 * @returns The status, which is `idle` on a server and before the first call of `connect`.
 * @example
 * const isVerified = status() === 'connected';
 */
export function status(): Status {
  return typeof window === 'undefined' ? 'idle' : pageConnection().status;
}

/**
 * Calls the listener whenever {@link status} changes. You can pass `subscribe` and `status` to React's
 * `useSyncExternalStore`.
 *
 * @param listener Called without arguments.
 * @returns A function that ends the subscription.
 * @example
 * const stop = subscribe(() => console.log(status()));
 */
export function subscribe(listener: () => void): () => void {
  return pageConnection().subscribe(listener);
}
