import type { ChatwootSettings } from '@chatwoot-identity/core/wire';

/** Request headers for the identity endpoint, or a function that returns them, called for every request. */
export type RequestHeaders = HeadersInit | (() => HeadersInit | Promise<HeadersInit>);

/**
 * The inbox, and how the chat is shown. `undefined` is in the types so that environment variables can be passed;
 * `connect` refuses it.
 */
export interface ConnectOptions {
  /** The address of the Chatwoot installation, such as `https://chat.example.com`. */
  baseUrl: string | undefined;
  /** The inbox's website token, from the script that Chatwoot's inbox settings show. */
  websiteToken: string | undefined;
  /** The endpoint that returns the signed-in user's identity, such as `/chatwoot/identity`. */
  identityUrl?: string;
  /**
   * Request headers for `identityUrl`, for an app whose session is a bearer token. A function is called for every
   * request, so that it can return a fresh token.
   *
   * @example
   * headers: async () => ({ authorization: `Bearer ${await getToken()}` })
   */
  headers?: RequestHeaders;
  /** `window.chatwootSettings`, as Chatwoot documents it. */
  settings?: ChatwootSettings;
  /** Whether a visitor who is not signed in gets the chat. Default `'show'`. */
  anonymous?: 'show' | 'hide';
  /** The page's CSP nonce for the SDK's script tag. Default: the nonce of the page's own scripts. */
  nonce?: string;
}

/** Options with an inbox. */
export type InboxOptions = ConnectOptions & { baseUrl: string; websiteToken: string };
