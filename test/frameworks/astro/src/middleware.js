import { chatwootIdentity } from '@chatwoot-identity/fetch';
import { users } from './sessions.js';

const chatwoot = chatwootIdentity({
  inbox: {
    hmacToken: process.env.CHATWOOT_HMAC_TOKEN,
    websiteToken: process.env.CHATWOOT_WEBSITE_TOKEN,
    baseUrl: process.env.CHATWOOT_BASE_URL,
  },
  contact: async (_request, { session }) => users[await session.get('user')],
  inject: true,
});

export const onRequest = (context, next) => chatwoot(context.request, () => next(), context);
