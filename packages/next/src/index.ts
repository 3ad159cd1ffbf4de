import 'server-only';

export type { Contact, ContactAnswer, Identity, Inbox } from '@chatwoot-identity/core';
export { type ChatwootIdentity, type ChatwootIdentityOptions, chatwootIdentity } from './app-router.js';
export type { ChatwootRequest } from './request-headers.js';
export type { ChatwootProps } from './widget-props.js';
