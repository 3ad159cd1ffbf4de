/**
 * Types of the globals of Chatwoot's own SDK: `window.$chatwoot` and `window.chatwootSettings`. A module or a
 * declaration file that imports this one has them. There is no code here.
 */

import type { ChatwootSettings, Json, Profile } from '@chatwoot-identity/core/wire';

export type { ChatwootSettings, Json, Profile } from '@chatwoot-identity/core/wire';

/**
 * `window.$chatwoot`, the running SDK (checked against Chatwoot's SDK). It is undefined until the SDK has started. Its
 * methods send messages to the chat's frame and return before Chatwoot has answered. Of the server's refusals, only
 * those of `setUser` reach the page, as the event `chatwoot:error`. Each setting is a property of `$chatwoot`; there is
 * no `$chatwoot.settings`.
 */
export interface Chatwoot extends Readonly<ChatwootSettings> {
  /** The address of Chatwoot. */
  readonly baseUrl: string;
  /** The inbox's public token. */
  readonly websiteToken: string;
  /** Whether the chat has loaded. It stays true while a `reset()` loads the chat again. */
  readonly hasLoaded: boolean;
  /** Whether the chat is open. */
  readonly isOpen: boolean;
  /** Whether `reset()` was called in this page. The event `chatwoot:ready` is not dispatched after that. */
  readonly resetTriggered: boolean;
  /**
   * The identifier of the latest `setUser` that was sent. Not set if `setUser` was skipped because a cookie says that the
   * same user was sent before.
   */
  readonly identifier?: string | number | undefined;
  /** The user of the latest `setUser` that was sent. `reset()` does not remove it. */
  user?: object | undefined;

  /**
   * Identifies the user. A page with `connect` must not call it, because `connect` does.
   *
   * @throws {Error} if the user has no name, email or avatar_url
   */
  setUser(identifier: string | number, user: Profile & { identifier_hash?: string }): void;
  /**
   * Sets custom attributes of the contact, in addition to those that it has.
   *
   * @throws {Error} if there are none
   */
  setCustomAttributes(attributes: Record<string, Json>): void;
  /** Removes a custom attribute of the contact. */
  deleteCustomAttribute(key: string): void;
  /**
   * Replaces all custom attributes of the conversation. Before the conversation has started, they are kept until the
   * first message, but only while the page is open.
   *
   * @throws {Error} if there are none
   */
  setConversationCustomAttributes(attributes: Record<string, Json>): void;
  /** Removes a custom attribute of the conversation. */
  deleteConversationCustomAttribute(key: string): void;
  /**
   * Adds a label to the conversation. Chatwoot ignores labels that the account does not define. Before the conversation
   * has started, they are kept until the first message, but only while the page is open.
   */
  setLabel(label: string): void;
  /** Removes a label from the conversation. */
  removeLabel(label: string): void;
  /** Changes the language of the chat, for example to `'de'` or `'pt_BR'`. */
  setLocale(locale: string): void;
  /** Changes the color scheme; `'auto'` follows the browser. */
  setColorScheme(scheme: NonNullable<ChatwootSettings['darkMode']>): void;
  /** Opens or closes the chat. Without an argument, it toggles. */
  toggle(state?: 'open' | 'close'): void;
  /** Shows or hides the bubble. */
  toggleBubbleVisibility(visibility: 'show' | 'hide'): void;
  /** Opens the chat in a window. */
  popoutChatWindow(): void;
  /** Ends the session. A page with `connect` must call `disconnect` instead. */
  reset(): void;
}

declare global {
  interface Window {
    /** Chatwoot's running SDK. */
    $chatwoot?: Chatwoot | undefined;
    /** The widget's appearance. The SDK reads it once, when it starts. */
    chatwootSettings?: ChatwootSettings | undefined;
  }
}
