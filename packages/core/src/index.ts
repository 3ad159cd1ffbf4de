export type { Contact, ContactAnswer, ContactOption, Json, Profile } from './contact.js';
export { ChatwootIdentityError, type ChatwootIdentityErrorCode } from './error.js';
export { identifierHash, verifyIdentifierHash } from './hash.js';
export type { Identifier } from './identifier.js';
export {
  type ChatwootIdentity,
  type ChatwootIdentityOptions,
  createChatwootIdentity,
  type Identity,
} from './identity.js';
export type { Inbox, InboxOption } from './inbox.js';
export { logoutCookies } from './logout.js';
export { type MarkupOptions, markup, type PageData } from './markup.js';
export type { InjectOptions } from './page.js';
export type { Reply } from './reply.js';
export type { RequestHeaders, RequestLike } from './request.js';
export type { ChatwootSettings } from './settings.js';
export { createTail, type Tail } from './tail.js';
