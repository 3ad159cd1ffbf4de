import { chatwootIdentity } from '@chatwoot-identity/fetch';
import { getSession } from './session.js';
import { users } from './sessions.js';

export const chatwoot = chatwootIdentity({
  inbox: {
    hmacToken: process.env.CHATWOOT_HMAC_TOKEN,
    websiteToken: process.env.CHATWOOT_WEBSITE_TOKEN,
    baseUrl: process.env.CHATWOOT_BASE_URL,
  },
  contact: async (request) => users[(await getSession(request.headers.get('Cookie'))).get('user')],
  inject: true,
});
