import { chatwootIdentity } from '@chatwoot-identity/fetch';
import { userOf } from './sessions.js';

const chatwoot = chatwootIdentity({
  inbox: {
    hmacToken: process.env.CHATWOOT_HMAC_TOKEN,
    websiteToken: process.env.CHATWOOT_WEBSITE_TOKEN,
    baseUrl: process.env.CHATWOOT_BASE_URL,
  },
  contact: (_request, event) => userOf(event.cookies.get('session')),
  inject: true,
});

export const handle = ({ event, resolve }) => chatwoot(event.request, () => resolve(event), event);
