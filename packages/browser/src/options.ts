import type { ChatwootSettings } from '@chatwoot-identity/core/wire';

/** Request headers for the identity endpoint, or a function that returns them, called for every request. */
export type RequestHeaders = HeadersInit | (() => HeadersInit | Promise<HeadersInit>);

/**
 * The inbox, and how the chat is shown. `undefined` is in the types so that environment variables can be passed;
 * `connect` refuses it.
 */
export interface ConnectOptions {
  /**
   * The address of the Chatwoot installation, such as `https://chat.example.com`; its scripts get all rights of the page,
   * so use https.
   */
  baseUrl: string | undefined;
  /** The inbox's website token, from the script that Chatwoot's inbox settings show. */
  websiteToken: string | undefined;
  /**
   * The endpoint that returns the signed-in user's identity, such as `/chatwoot/identity`. Required by
   * `connect(undefined)` and `refresh()`.
   */
  identityUrl?: string;
  /**
   * Request headers for `identityUrl`, for an app whose session is a bearer token. A function is called for every
   * request, so that it can return a fresh token.
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
  /** The Content-Security-Policy nonce of the SDK's script. If left out, the nonce of the page's own scripts is used. */
  nonce?: string;
}

/** Options with an inbox. */
export type InboxOptions = ConnectOptions & { baseUrl: string; websiteToken: string };
