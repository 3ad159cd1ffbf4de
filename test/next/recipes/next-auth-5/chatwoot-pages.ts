import { chatwootIdentityPages } from '@chatwoot-identity/next/pages';
import type { NextApiRequest, NextApiResponse } from 'next';
import { inbox } from '@/lib/inbox';
import { auth } from './auth';

export const { handler, identity } = chatwootIdentityPages({
  inbox,
  contact: async ({ req, res }) => {
    const user = (await auth(req as NextApiRequest, res as NextApiResponse))?.user;
    return user && { identifier: user.id!, name: user.name, email: user.email };
  },
});
