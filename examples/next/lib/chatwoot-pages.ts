import { chatwootIdentityPages, type Inbox } from '@chatwoot-identity/next/pages';
import { SESSION, userOf } from './session';

export const inbox: Inbox = {
  hmacToken: process.env.CHATWOOT_HMAC_TOKEN,
  websiteToken: process.env.CHATWOOT_WEBSITE_TOKEN,
  baseUrl: process.env.CHATWOOT_BASE_URL,
};

export const { handler, identity } = chatwootIdentityPages({
  inbox,
  contact: ({ req }) => userOf(req.cookies[SESSION]),
});
