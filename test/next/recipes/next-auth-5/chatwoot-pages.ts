import { chatwootIdentityPages, type Inbox } from '@chatwoot-identity/next/pages';
import type { NextApiRequest, NextApiResponse } from 'next';
import { auth } from './auth';

export const inbox: Inbox = {
  hmacToken: process.env.CHATWOOT_HMAC_TOKEN,
  websiteToken: process.env.CHATWOOT_WEBSITE_TOKEN,
  baseUrl: process.env.CHATWOOT_BASE_URL,
};

export const { handler, identity } = chatwootIdentityPages({
  inbox,
  contact: async ({ req, res }) => {
    const user = (await auth(req as NextApiRequest, res as NextApiResponse))?.user;
    return user && { identifier: user.id!, name: user.name, email: user.email };
  },
});
