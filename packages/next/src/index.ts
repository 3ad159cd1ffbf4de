import 'server-only';

export type { Contact, ContactAnswer, Identity, Inbox } from '@chatwoot-identity/core';
export type { ChatwootProps } from './chatwoot.js';
export {
  type ChatwootIdentity,
  type ChatwootIdentityOptions,
  type ChatwootRequest,
  chatwootIdentity,
} from './identity.js';
