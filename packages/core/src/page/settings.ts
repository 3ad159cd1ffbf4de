import type { ChatwootSettings } from '../wire.js';

/** The property names of {@link ChatwootSettings}. The SDK silently ignores settings with other names. */
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
