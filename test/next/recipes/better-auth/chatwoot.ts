import { chatwootIdentity } from '@chatwoot-identity/next';
import { inbox } from '@/lib/inbox';
import { auth } from './auth';

export const { GET, Chatwoot } = chatwootIdentity({
  inbox,
  contact: async ({ headers }) => {
    const user = (await auth.api.getSession({ headers }))?.user;
    return user && { identifier: user.id, name: user.name, email: user.emailVerified ? user.email : null };
  },
});
