import { chatwootIdentity } from '@chatwoot-identity/next';
import { getIronSession } from 'iron-session';
import { cookies } from 'next/headers';
import { inbox } from '@/lib/inbox';
import { type Session, sessionOptions } from './session';

export const { GET, Chatwoot } = chatwootIdentity({
  inbox,
  contact: async () => {
    const { user } = await getIronSession<Session>(await cookies(), sessionOptions());
    return user && { identifier: user.id, name: user.name, email: user.email };
  },
});
