import type { ChatwootIdentityError } from '../error.js';
import { type Contact, type Profile, toProfile } from './contact.js';
import { toIdentifier } from './identifier.js';
import type { PreparedInbox } from './inbox.js';

/**
 * A signed contact, under Chatwoot's names: the arguments of `$chatwoot.setUser(identifier, rest)` and the `user` prop
 * of the React Native widget. Treat it as a password: the hash never expires.
 */
export interface Identity extends Profile {
  /** The signed identifier. Always a string, because Chatwoot compares identifiers by type (chatwoot/chatwoot#12256). */
  identifier: string;
  /** The lower-case hex HMAC-SHA256 of `identifier`. */
  identifier_hash: string;
}

/**
 * Signs a contact.
 *
 * @param onTooLong receives the error for each field that is too long for Chatwoot
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
  // setUser throws if all three are missing, even if other fields are set (checked against Chatwoot's SDK).
  if (!identity.name && !identity.email && !identity.avatar_url) identity.name = identifier;
  return identity;
}
