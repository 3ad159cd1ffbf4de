import { chatwootIdentityPages, type Inbox } from '@chatwoot-identity/next/pages';
import { getIronSession } from 'iron-session';
import { type Session, sessionOptions } from './session';

export const inbox: Inbox = {
  hmacToken: process.env.CHATWOOT_HMAC_TOKEN,
  websiteToken: process.env.CHATWOOT_WEBSITE_TOKEN,
  baseUrl: process.env.CHATWOOT_BASE_URL,
};

export const { handler, identity } = chatwootIdentityPages({
  inbox,
  contact: async ({ req, res }) => {
    const { user } = await getIronSession<Session>(req, res, sessionOptions());
    return user && { identifier: user.id, name: user.name, email: user.email };
  },
});
