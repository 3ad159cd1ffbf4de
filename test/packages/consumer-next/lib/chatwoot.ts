import { jwtContact } from '@chatwoot-identity/jwt';
import { chatwootIdentity } from '@chatwoot-identity/next';
import { inbox } from './inbox';
import { session } from './session';

export const { GET, Chatwoot } = chatwootIdentity({ inbox, contact: jwtContact(session) });
