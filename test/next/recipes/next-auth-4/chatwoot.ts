import { chatwootIdentity } from '@chatwoot-identity/next';
import { getServerSession } from 'next-auth';
import { inbox } from '@/lib/inbox';
import { authOptions } from './auth';

export const { GET, Chatwoot } = chatwootIdentity({
  inbox,
  contact: async () => {
    const user = (await getServerSession(authOptions))?.user;
    return user && { identifier: user.id, name: user.name, email: user.email };
  },
});
