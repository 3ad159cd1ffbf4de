import type { ChatwootIdentityError } from '../error.js';
import type { Identity } from '../wire.js';
import { type Contact, toProfile } from './contact.js';
import { toIdentifier } from './identifier.js';
import type { PreparedInbox } from './inbox.js';

/**
 * Signs a contact with the inbox's token.
 *
 * @param onTooLong receives an error for each field that is too long for Chatwoot
 * @throws {ChatwootIdentityError} if the contact must not be signed
 */
export function toIdentity(
  contact: Contact,
  inbox: PreparedInbox,
  onTooLong?: (error: ChatwootIdentityError) => void,
): Identity {
  const identifier = toIdentifier(contact.identifier);
  const profile = toProfile(contact, onTooLong);
  const identity: Identity = { identifier, identifier_hash: inbox.sign(identifier), ...profile };
  // setUser throws if name, email and avatar_url are all missing, even if other fields are set (checked
  // against Chatwoot's SDK).
  if (!identity.name && !identity.email && !identity.avatar_url) identity.name = identifier;
  return identity;
}
