import { chatwootIdentityPages } from '@chatwoot-identity/next/pages';
import { fromNodeHeaders } from 'better-auth/node';
import { inbox } from '@/lib/inbox';
import { auth } from './auth';

export const { handler, identity } = chatwootIdentityPages({
  inbox,
  contact: async ({ req }) => {
    const user = (await auth.api.getSession({ headers: fromNodeHeaders(req.headers) }))?.user;
    return user && { identifier: user.id, name: user.name, email: user.emailVerified ? user.email : null };
  },
});
