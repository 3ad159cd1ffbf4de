/** The types that cross the boundary between a server and its pages, each declared here once. There is no code here. */

/** A value that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * All fields of a contact except the identifier, under the names that `setUser` reads. The widget passes these on to the
 * server and drops all others (checked against Chatwoot's SDK and widget).
 */
export interface Profile {
  name?: string;
  email?: string;
  avatar_url?: string;
  phone_number?: string;
  company_name?: string;
  city?: string;
  country_code?: string;
  description?: string;
  social_profiles?: Record<string, string>;
  custom_attributes?: Record<string, Json>;
}

/**
 * A signed contact, under Chatwoot's names: the arguments of `$chatwoot.setUser(identifier, rest)` and the `user` prop
 * of the React Native widget. Treat it as a password: the hash never expires.
 */
export interface Identity extends Profile {
  identifier: string;
  /** Lowercase hex HMAC-SHA256 of the identifier, computed on the server. */
  identifier_hash: string;
}

/**
 * `window.chatwootSettings`, in Chatwoot's own names and with its defaults (checked against its SDK, 4.16). The SDK reads
 * it once per page, and ignores unknown keys.
 */
export interface ChatwootSettings {
  /** No chat bubble: the page opens the chat. @default false */
  hideMessageBubble?: boolean;
  /** @default 'right' */
  position?: 'left' | 'right';
  /** Such as `'de'` or `'pt_BR'`. Left out: the language of the inbox's account. */
  locale?: string;
  /** Use the browser's language instead of `locale`. @default false */
  useBrowserLanguage?: boolean;
  /** @default 'standard' */
  type?: 'standard' | 'expanded_bubble';
  /** The text on an expanded bubble. */
  launcherTitle?: string;
  /** @default false */
  showPopoutButton?: boolean;
  /** @default true */
  showUnreadMessagesDialog?: boolean;
  /** @default 'standard' */
  widgetStyle?: 'standard' | 'flat';
  /** @default 'light' */
  darkMode?: 'light' | 'auto' | 'dark';
  /**
   * The `Domain` of the SDK's cookies, to share a chat among subdomains. Chatwoot's own `reset()` does not remove such
   * cookies (chatwoot/chatwoot 3870, 7070); the page script does.
   */
  baseDomain?: string;
  welcomeTitle?: string;
  welcomeDescription?: string;
  availableMessage?: string;
  unavailableMessage?: string;
  /** Left out: the inbox decides. */
  enableFileUpload?: boolean;
  /** @default true */
  enableEmojiPicker?: boolean;
  /** @default true */
  enableEndConversation?: boolean;
}

/** The JSON block that the page script reads, in Chatwoot's own names. */
export interface PageData {
  base_url: string;
  website_token: string;
  /** The signed-in user, or null for an anonymous visitor. Left out: the script asks `identity_url`. */
  identity?: Identity | null;
  identity_url: string;
  anonymous: 'show' | 'hide';
  settings?: ChatwootSettings;
}
