'use client';

export type { ChatwootSettings, Status } from '@chatwoot-identity/browser';
export { type Chatwoot, useChatwoot } from './hook.js';
export { ChatwootWidget, type ChatwootWidgetProps } from './widget.js';
