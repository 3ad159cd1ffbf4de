import { chatwootIdentityPages } from '@chatwoot-identity/next/pages';
import { getServerSession } from 'next-auth';
import { inbox } from '@/lib/inbox';
import { authOptions } from './auth';

export const { handler, identity } = chatwootIdentityPages({
  inbox,
  contact: async ({ req, res }) => {
    const user = (await getServerSession(req, res, authOptions))?.user;
    return user && { identifier: user.id, name: user.name, email: user.email };
  },
});
