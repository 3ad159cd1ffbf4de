export {
  type ChatwootIdentity,
  type ChatwootIdentityOptions,
  createChatwootIdentity,
} from './create-chatwoot-identity.js';
export { ChatwootIdentityError, type ChatwootIdentityErrorCode } from './error.js';
export type { Contact, ContactAnswer, ContactOption } from './identity/contact.js';
export { identifierHash, verifyIdentifierHash } from './identity/hash.js';
export type { Identifier } from './identity/identifier.js';
export type { Inbox, InboxOption } from './identity/inbox.js';
export { logoutCookies } from './logout.js';
export type { InjectOption, InjectOptions } from './page/inject-options.js';
export type { Reply } from './reply.js';
export type { RequestHeaders, RequestLike } from './request.js';
export { verifyWebhook } from './webhook.js';
export type { ChatwootSettings, Identity, Json, Profile } from './wire.js';
