const { chatwootIdentityPages } = require('@chatwoot-identity/next/pages');
const { inbox } = require('../../lib/inbox');

module.exports = chatwootIdentityPages({ inbox, contact: () => ({ identifier: 'user-1' }) }).handler;
