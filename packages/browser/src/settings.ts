/**
 * `window.chatwootSettings`, in Chatwoot's own names. The SDK reads it once, when it starts; unknown keys are
 * ignored (checked against Chatwoot's own SDK, 4.16).
 */
export interface ChatwootSettings {
  /** No chat bubble; open the chat with `toggle()`. Default false. */
  hideMessageBubble?: boolean;
  /** Default `'right'`. */
  position?: 'left' | 'right';
  /** Such as `'de'` or `'pt_BR'`. Default: the language of the inbox's account. */
  locale?: string;
  /** Use the browser's language instead of `locale`. Default false. */
  useBrowserLanguage?: boolean;
  /** Default `'standard'`. */
  type?: 'standard' | 'expanded_bubble';
  /** The text of the expanded bubble. */
  launcherTitle?: string;
  /** Default false. */
  showPopoutButton?: boolean;
  /** Default true. */
  showUnreadMessagesDialog?: boolean;
  /** Default `'standard'`. */
  widgetStyle?: 'standard' | 'flat';
  /** Default `'light'`. */
  darkMode?: 'light' | 'auto' | 'dark';
  /**
   * The `Domain` of the SDK's cookies. Chatwoot's own `reset()` does not remove such cookies (chatwoot/chatwoot
   * issues 3870 and 7070); this package does.
   */
  baseDomain?: string;
  welcomeTitle?: string;
  welcomeDescription?: string;
  availableMessage?: string;
  unavailableMessage?: string;
  /** Default: the inbox's own setting. */
  enableFileUpload?: boolean;
  /** Default true. */
  enableEmojiPicker?: boolean;
  /** Default true. */
  enableEndConversation?: boolean;
}
