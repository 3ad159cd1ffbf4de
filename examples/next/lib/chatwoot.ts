import { chatwootIdentity } from '@chatwoot-identity/next';
import { cookies } from 'next/headers';
import { inbox } from './inbox';
import { SESSION, userOf } from './session';

export const { GET, Chatwoot } = chatwootIdentity({
  inbox,
  contact: async () => userOf((await cookies()).get(SESSION)?.value),
});
