import { chatwootIdentityPages } from '@chatwoot-identity/next/pages';
import { inbox } from './inbox';
import { SESSION, userOf } from './session';

export const { handler, identity } = chatwootIdentityPages({
  inbox,
  contact: ({ req }) => userOf(req.cookies[SESSION]),
});
