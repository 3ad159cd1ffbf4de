export { type ChatwootIdentityOptions, chatwootIdentity } from './middleware.js';
