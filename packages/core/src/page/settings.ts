/**
 * `window.chatwootSettings`, in Chatwoot's own names and with its defaults (checked against its SDK). The SDK reads it
 * once per page.
 */
export interface ChatwootSettings {
  /** @default false */
  hideMessageBubble?: boolean;
  /** @default 'right' */
  position?: 'left' | 'right';
  /** Left out: the inbox account's language. */
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
  /** The Domain of the widget's cookies, to share a chat among subdomains. */
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
