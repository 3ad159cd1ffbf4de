/**
 * Types of the global variables of Chatwoot's own SDK: `window.$chatwoot` and `window.chatwootSettings`. To
 * declare these variables, import this module in a module or a declaration file. The module contains no code.
 */

import type { ChatwootSettings, Json, Profile } from '@chatwoot-identity/core/wire';

export type { ChatwootSettings, Json, Profile } from '@chatwoot-identity/core/wire';

/**
 * The running SDK in `window.$chatwoot` (checked against Chatwoot's SDK). `$chatwoot` is undefined until the
 * SDK has started. The methods of `$chatwoot` send messages to the chat's frame and return before Chatwoot
 * has responded. If the server refuses a `setUser` call, the SDK dispatches the event `chatwoot:error`. The
 * page is not notified if the server refuses any other call. Each setting is a property of `$chatwoot`; there
 * is no `$chatwoot.settings`.
 */
export interface Chatwoot extends Readonly<ChatwootSettings> {
  /** The address of Chatwoot. */
  readonly baseUrl: string;
  /** The public website token of the inbox. */
  readonly websiteToken: string;
  /** Whether the chat has loaded. `hasLoaded` stays true while `reset()` reloads the chat. */
  readonly hasLoaded: boolean;
  /** Whether the chat is open. */
  readonly isOpen: boolean;
  /**
   * Whether `reset()` was called in this page. After a `reset()`, the event `chatwoot:ready` is not
   * dispatched again.
   */
  readonly resetTriggered: boolean;
  /**
   * The identifier of the latest `setUser` call that was sent to Chatwoot. `identifier` is not set if the SDK
   * skipped the call, because its cookie records that the same user was sent before.
   */
  readonly identifier?: string | number | undefined;
  /** The user of the latest `setUser` call that was sent to Chatwoot. `reset()` does not remove this user. */
  user?: object | undefined;

  /**
   * Identifies the user. Do not call `setUser` in a page that uses `connect`, because `connect` calls
   * `setUser`.
   *
   * @throws {Error} if the user has no name, email or avatar_url
   */
  setUser(identifier: string | number, user: Profile & { identifier_hash?: string }): void;
  /**
   * Sets custom attributes of the contact, and does not change its other custom attributes.
   *
   * @throws {Error} if `attributes` is empty
   */
  setCustomAttributes(attributes: Record<string, Json>): void;
  /** Removes a custom attribute from the contact. */
  deleteCustomAttribute(key: string): void;
  /**
   * Replaces all custom attributes of the conversation. Before the conversation has started, the attributes
   * are stored until the first message, but are lost if the page is closed.
   *
   * @throws {Error} if `attributes` is empty
   */
  setConversationCustomAttributes(attributes: Record<string, Json>): void;
  /** Removes a custom attribute from the conversation. */
  deleteConversationCustomAttribute(key: string): void;
  /**
   * Adds a label to the conversation. Chatwoot ignores labels that the account does not define. Before the
   * conversation has started, the label is stored until the first message, but is lost if the page is closed.
   */
  setLabel(label: string): void;
  /** Removes a label from the conversation. */
  removeLabel(label: string): void;
  /** Changes the language of the chat, for example to `'de'` or `'pt_BR'`. */
  setLocale(locale: string): void;
  /** Changes the color scheme of the chat; `'auto'` follows the browser. */
  setColorScheme(scheme: NonNullable<ChatwootSettings['darkMode']>): void;
  /** Opens or closes the chat; without an argument, toggles the chat. */
  toggle(state?: 'open' | 'close'): void;
  /** Shows or hides the chat bubble. */
  toggleBubbleVisibility(visibility: 'show' | 'hide'): void;
  /** Opens the chat in a separate window. */
  popoutChatWindow(): void;
  /** Ends the chat session. In a page that uses `connect`, call `disconnect` instead. */
  reset(): void;
}

declare global {
  interface Window {
    /** Chatwoot's running SDK. */
    $chatwoot?: Chatwoot | undefined;
    /** The widget's appearance, which the SDK reads only once, when it starts. */
    chatwootSettings?: ChatwootSettings | undefined;
  }
}
