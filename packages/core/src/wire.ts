/** The types of the values that servers and their pages exchange. Each is declared only here. This file has no code. */

/** A value that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * All fields of a contact except the identifier, under the names that `setUser` reads. The widget passes these on to the
 * server and drops all others (checked against Chatwoot's SDK and widget).
 */
export interface Profile {
  /** The name that the agent sees. */
  name?: string;
  /** The user's e-mail address. */
  email?: string;
  /** The picture's absolute URL. */
  avatar_url?: string;
  /** The telephone number in E.164 form. */
  phone_number?: string;
  /** The company that the user works for. */
  company_name?: string;
  /** The user's city. */
  city?: string;
  /** The user's country, ISO 3166-1 alpha-2. */
  country_code?: string;
  /** A note about the user for the agent. */
  description?: string;
  /** User names on social networks. */
  social_profiles?: Record<string, string>;
  /** Values for custom attributes that the Chatwoot account defines. */
  custom_attributes?: Record<string, Json>;
}

/**
 * A signed contact, under Chatwoot's names: the arguments of `$chatwoot.setUser(identifier, rest)` and the `user` prop
 * of the React Native widget. Treat it as a password: the hash never expires.
 */
export interface Identity extends Profile {
  /** The signed identifier. Always a string, because Chatwoot compares identifiers by type (chatwoot/chatwoot#12256). */
  identifier: string;
  /** The lower-case hex HMAC-SHA256 of `identifier`, computed on the server. */
  identifier_hash: string;
}

/**
 * `window.chatwootSettings`, in Chatwoot's own names and with its defaults (checked against its SDK). The SDK reads it
 * once per page, and ignores unknown keys.
 */
export interface ChatwootSettings {
  /**
   * Hides the bubble; the page opens the chat itself.
   * @default false
   */
  hideMessageBubble?: boolean;
  /**
   * The side of the page with the bubble.
   * @default 'right'
   */
  position?: 'left' | 'right';
  /** The language, for example `'de'` or `'pt_BR'`. If left out, the language of the inbox's account. */
  locale?: string;
  /**
   * Uses the browser's language instead of `locale`.
   * @default false
   */
  useBrowserLanguage?: boolean;
  /**
   * The shape of the bubble.
   * @default 'standard'
   */
  type?: 'standard' | 'expanded_bubble';
  /** The text on an expanded bubble. */
  launcherTitle?: string;
  /**
   * Shows a button that opens the chat in a window.
   * @default false
   */
  showPopoutButton?: boolean;
  /**
   * Shows unread messages above the closed bubble.
   * @default true
   */
  showUnreadMessagesDialog?: boolean;
  /**
   * The style of the chat window.
   * @default 'standard'
   */
  widgetStyle?: 'standard' | 'flat';
  /**
   * The color scheme; `'auto'` follows the browser.
   * @default 'light'
   */
  darkMode?: 'light' | 'auto' | 'dark';
  /**
   * The `Domain` of the widget's cookies, to share a chat among subdomains; avoid it, because each of them can then read
   * the session. Chatwoot's own `reset()` does not remove such cookies (chatwoot/chatwoot#3870, #7070); the page script
   * does.
   */
  baseDomain?: string;
  /** The title of the welcome screen. If left out, the inbox's own. */
  welcomeTitle?: string;
  /** The text below the title. If left out, the inbox's own. */
  welcomeDescription?: string;
  /** The text while agents are online. */
  availableMessage?: string;
  /** The text while no agent is online. */
  unavailableMessage?: string;
  /** Whether visitors may send files. If left out, the inbox's own setting. */
  enableFileUpload?: boolean;
  /**
   * Shows the emoji picker.
   * @default true
   */
  enableEmojiPicker?: boolean;
  /**
   * Lets visitors end a conversation.
   * @default true
   */
  enableEndConversation?: boolean;
}

/** The JSON block that the page script reads, in Chatwoot's own names. */
export interface PageData {
  /** The address of Chatwoot. */
  base_url: string;
  /** The inbox's public token. */
  website_token: string;
  /** The signed-in user, or null for an anonymous visitor. If left out, the script asks `identity_url`. */
  identity?: Identity | null;
  /** The path of the endpoint. */
  identity_url: string;
  /** Whether anonymous visitors get the chat. */
  anonymous: 'show' | 'hide';
  /** `window.chatwootSettings`. */
  settings?: ChatwootSettings;
}
