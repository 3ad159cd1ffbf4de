import 'server-only';

export type { Contact, ContactAnswer, Identity, Inbox } from '@chatwoot-identity/core';
export type { ChatwootProps } from './chatwoot.js';
export type { ChatwootRequest } from './guard.js';
export { type ChatwootIdentity, type ChatwootIdentityOptions, chatwootIdentity } from './identity.js';
