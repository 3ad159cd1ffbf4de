import { chatwootIdentity } from '@chatwoot-identity/express';
import { users } from '../utils/sessions.js';

const chatwoot = chatwootIdentity({
  inbox: {
    hmacToken: process.env.CHATWOOT_HMAC_TOKEN,
    websiteToken: process.env.CHATWOOT_WEBSITE_TOKEN,
    baseUrl: process.env.CHATWOOT_BASE_URL,
  },
  contact: async ({ event }) => {
    const { data } = await userSession(event);
    return users[data.user];
  },
  inject: true,
});

export default defineEventHandler((event) => {
  Object.assign(event.node.req, { event });
  return fromNodeMiddleware(chatwoot)(event);
});
