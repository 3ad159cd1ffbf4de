import { chatwootIdentityPages, type Inbox } from '@chatwoot-identity/next/pages';
import { fromNodeHeaders } from 'better-auth/node';
import { auth } from './auth';

export const inbox: Inbox = {
  hmacToken: process.env.CHATWOOT_HMAC_TOKEN,
  websiteToken: process.env.CHATWOOT_WEBSITE_TOKEN,
  baseUrl: process.env.CHATWOOT_BASE_URL,
};

export const { handler, identity } = chatwootIdentityPages({
  inbox,
  contact: async ({ req }) => {
    const user = (await auth.api.getSession({ headers: fromNodeHeaders(req.headers) }))?.user;
    return user && { identifier: user.id, name: user.name, email: user.emailVerified ? user.email : null };
  },
});
