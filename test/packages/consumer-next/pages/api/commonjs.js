const { chatwootIdentityPages } = require('@chatwoot-identity/next/pages');
const { inbox } = require('../../lib/inbox');

export default chatwootIdentityPages({ inbox, contact: () => ({ identifier: 'user-1' }) }).handler;
