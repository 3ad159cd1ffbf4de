import { chatwootIdentity } from '@chatwoot-identity/next';
import { inbox } from '@/lib/inbox';
import { auth } from './auth';

export const { GET, Chatwoot } = chatwootIdentity({
  inbox,
  contact: async () => {
    const user = (await auth())?.user;
    return user && { identifier: user.id!, name: user.name, email: user.email };
  },
});
