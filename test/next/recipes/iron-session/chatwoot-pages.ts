import { chatwootIdentityPages } from '@chatwoot-identity/next/pages';
import { getIronSession } from 'iron-session';
import { inbox } from '@/lib/inbox';
import { type Session, sessionOptions } from './session';

export const { handler, identity } = chatwootIdentityPages({
  inbox,
  contact: async ({ req, res }) => {
    const { user } = await getIronSession<Session>(req, res, sessionOptions());
    return user && { identifier: user.id, name: user.name, email: user.email };
  },
});
