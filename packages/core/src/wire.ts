/**
 * The types of the values that servers and pages exchange. Each of these types is declared only in this file,
 * which contains no code.
 */

/** A value that JSON can represent. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * All fields of a contact except the identifier, under the names that `setUser` reads. The widget sends only
 * these fields to Chatwoot's server and drops all others (checked against Chatwoot's SDK and widget).
 */
export interface Profile {
  /** The name that the agent sees. */
  name?: string;
  /** The user's e-mail address. */
  email?: string;
  /** The absolute URL of the user's picture. */
  avatar_url?: string;
  /** The user's telephone number in E.164 format. */
  phone_number?: string;
  /** The company that the user works for. */
  company_name?: string;
  /** The user's city. */
  city?: string;
  /** The user's country as an ISO 3166-1 alpha-2 code. */
  country_code?: string;
  /** A note about the user for the agent. */
  description?: string;
  /** User names on social networks. */
  social_profiles?: Record<string, string>;
  /** Values for custom attributes that the Chatwoot account defines. */
  custom_attributes?: Record<string, Json>;
}

/**
 * A signed contact with Chatwoot's field names. Pass the identity to `$chatwoot.setUser(identifier, rest)` or
 * to the `user` prop of the React Native widget. Keep the identity as secret as a password, because its hash
 * never expires.
 */
export interface Identity extends Profile {
  /**
   * The signed identifier. The identifier is always a string, because Chatwoot creates a new contact for each
   * number that it receives (chatwoot/chatwoot#12256).
   */
  identifier: string;
  /** The lower-case hex HMAC-SHA256 of `identifier`, computed on the server. */
  identifier_hash: string;
}

/**
 * The settings in `window.chatwootSettings`, with Chatwoot's own names and defaults (checked against
 * Chatwoot's SDK). The SDK reads the settings once per page and ignores unknown names.
 */
export interface ChatwootSettings {
  /**
   * Hides the chat bubble, so that the page can open the chat with its own button.
   * @default false
   */
  hideMessageBubble?: boolean;
  /**
   * The side of the page on which the chat bubble appears.
   * @default 'right'
   */
  position?: 'left' | 'right';
  /**
   * The language of the chat, for example `'de'` or `'pt_BR'`. If left out, the chat uses the language of the
   * inbox's account.
   */
  locale?: string;
  /**
   * Uses the browser's language instead of `locale`.
   * @default false
   */
  useBrowserLanguage?: boolean;
  /**
   * The shape of the chat bubble.
   * @default 'standard'
   */
  type?: 'standard' | 'expanded_bubble';
  /** The text on an expanded chat bubble. */
  launcherTitle?: string;
  /**
   * Shows a button that opens the chat in a separate window.
   * @default false
   */
  showPopoutButton?: boolean;
  /**
   * Shows unread messages above the closed chat bubble.
   * @default true
   */
  showUnreadMessagesDialog?: boolean;
  /**
   * The style of the chat window.
   * @default 'standard'
   */
  widgetStyle?: 'standard' | 'flat';
  /**
   * The color scheme of the chat; `'auto'` follows the browser.
   * @default 'light'
   */
  darkMode?: 'light' | 'auto' | 'dark';
  /**
   * The `Domain` of the widget's cookies, which shares one chat session among subdomains; leave it out if
   * possible, because each subdomain can then read the session. Chatwoot's own `reset()` does not remove
   * cookies with a `Domain` (chatwoot/chatwoot#3870, #7070), but the page script does.
   */
  baseDomain?: string;
  /** The title of the welcome screen. If left out, the chat uses the title from the inbox settings. */
  welcomeTitle?: string;
  /**
   * The text below the title of the welcome screen. If left out, the chat uses the text from the inbox
   * settings.
   */
  welcomeDescription?: string;
  /** The text that the chat shows while agents are online. */
  availableMessage?: string;
  /** The text that the chat shows while no agent is online. */
  unavailableMessage?: string;
  /** Whether visitors may send files. If `enableFileUpload` is left out, the setting of the inbox applies. */
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

/**
 * The data that the server writes into a page as a JSON block, for the page script. The property names are in
 * snake case, as in Chatwoot.
 */
export interface PageData {
  /** The address of Chatwoot. */
  base_url: string;
  /** The public website token of the inbox. */
  website_token: string;
  /**
   * The identity of the signed-in user, or null for an anonymous visitor. If left out, the page script
   * fetches the identity from `identity_url`.
   */
  identity?: Identity | null;
  /** The path of the identity endpoint. */
  identity_url: string;
  /** Whether anonymous visitors see the chat. */
  anonymous: 'show' | 'hide';
  /** The value of `window.chatwootSettings`. */
  settings?: ChatwootSettings;
}
