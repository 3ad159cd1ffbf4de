import { chatwootIdentity } from '@chatwoot-identity/next';
import { inbox, user } from '../../../../app.js';

export const { GET } = chatwootIdentity({ inbox, contact: () => user });
