'use client';

export type { ChatwootSettings, Status } from '@chatwoot-identity/browser';
export { type Chatwoot, useChatwoot } from './hook.js';
export { ChatwootWidget } from './widget.js';
export type { ChatwootWidgetProps } from './widget-props.js';
