export { chatwootLogout } from './logout.js';
export { chatwootIdentity } from './middleware.js';
export type { ChatwootIdentityOptions } from './options.js';
