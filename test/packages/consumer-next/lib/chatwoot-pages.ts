import { jwtContact } from '@chatwoot-identity/jwt';
import { chatwootIdentityPages } from '@chatwoot-identity/next/pages';
import { inbox } from './inbox';
import { session } from './session';

const contact = jwtContact(session);

export const { handler, identity } = chatwootIdentityPages({ inbox, contact: ({ req }) => contact(req) });
