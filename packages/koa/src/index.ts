export { chatwootLogout } from './logout.js';
export { type ChatwootIdentityOptions, chatwootIdentity } from './middleware.js';
