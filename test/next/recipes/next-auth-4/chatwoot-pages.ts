import { chatwootIdentityPages, type Inbox } from '@chatwoot-identity/next/pages';
import { getServerSession } from 'next-auth';
import { authOptions } from './auth';

export const inbox: Inbox = {
  hmacToken: process.env.CHATWOOT_HMAC_TOKEN,
  websiteToken: process.env.CHATWOOT_WEBSITE_TOKEN,
  baseUrl: process.env.CHATWOOT_BASE_URL,
};

export const { handler, identity } = chatwootIdentityPages({
  inbox,
  contact: async ({ req, res }) => {
    const user = (await getServerSession(req, res, authOptions))?.user;
    return user && { identifier: user.id, name: user.name, email: user.email };
  },
});
