import type { ChatwootSettings } from '../wire.js';

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
