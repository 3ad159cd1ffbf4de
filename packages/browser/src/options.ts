import type { ChatwootSettings } from '@chatwoot-identity/core/wire';

/**
 * Request headers for the identity endpoint, or a function that is called for every request and returns the
 * headers.
 */
export type RequestHeaders = HeadersInit | (() => HeadersInit | Promise<HeadersInit>);

/**
 * The options of `connect`. The types include `undefined` so that environment variables can be passed, but
 * `connect` throws if `baseUrl` or `websiteToken` is undefined.
 */
export interface ConnectOptions {
  /**
   * The address of the Chatwoot installation, such as `https://chat.example.com`; use https, because
   * Chatwoot's scripts have full access to the page.
   */
  baseUrl: string | undefined;
  /** The inbox's website token, which is part of the script in Chatwoot's inbox settings. */
  websiteToken: string | undefined;
  /**
   * The URL of the endpoint that returns the signed-in user's identity, such as `/chatwoot/identity`. Both
   * `connect(undefined)` and `refresh()` require `identityUrl`.
   */
  identityUrl?: string;
  /**
   * Request headers for `identityUrl`, for an app whose session is a bearer token. If `headers` is a
   * function, it is called for every request, so that it can return a fresh token.
   */
  headers?: RequestHeaders;
  /**
   * Whether the identity may come from a cache, such as that of a router. Unless the chat already has this user, it is
   * then fetched from `identityUrl`, if that is set.
   * @default false
   */
  confirm?: boolean;
  /** The widget's appearance, as in `window.chatwootSettings`. */
  settings?: ChatwootSettings;
  /**
   * Whether anonymous visitors see the chat.
   * @default 'show'
   */
  anonymous?: 'show' | 'hide';
  /**
   * The Content-Security-Policy nonce of the SDK's script. If `nonce` is left out, the nonce of the page's
   * own scripts is used.
   */
  nonce?: string;
}

/** The options of `connect`, after a check that `baseUrl` and `websiteToken` are set. */
export type InboxOptions = ConnectOptions & { baseUrl: string; websiteToken: string };
