import { chatwootIdentity } from '@chatwoot-identity/fetch';
import { getCookie } from '@tanstack/react-start/server';
import { userOf } from './sessions.js';

export const chatwoot = chatwootIdentity({
  inbox: {
    hmacToken: process.env.CHATWOOT_HMAC_TOKEN,
    websiteToken: process.env.CHATWOOT_WEBSITE_TOKEN,
    baseUrl: process.env.CHATWOOT_BASE_URL,
  },
  contact: () => userOf(getCookie('session')),
  inject: true,
});
