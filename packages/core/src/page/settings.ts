/**
 * `window.chatwootSettings`, in Chatwoot's own names and with its defaults (checked against its SDK). The SDK reads it
 * once per page.
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
  /** The `Domain` of the widget's cookies, to share a chat among subdomains. */
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

/** The names of {@link ChatwootSettings}. The SDK silently ignores all others. */
export const SETTINGS: readonly (keyof ChatwootSettings)[] = [
  'hideMessageBubble',
  'position',
  'locale',
  'useBrowserLanguage',
  'type',
  'launcherTitle',
  'showPopoutButton',
  'showUnreadMessagesDialog',
  'widgetStyle',
  'darkMode',
  'baseDomain',
  'welcomeTitle',
  'welcomeDescription',
  'availableMessage',
  'unavailableMessage',
  'enableFileUpload',
  'enableEmojiPicker',
  'enableEndConversation',
];
