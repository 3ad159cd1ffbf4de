import { type Contact, type Profile, toProfile } from './contact.js';
import { toIdentifier } from './identifier.js';
import type { PreparedInbox } from './inbox.js';

/**
 * A contact with its proof, in Chatwoot's own names: what `$chatwoot.setUser(identifier, rest)` and the React
 * Native widget's `user` prop take. Treat it as a password: the hash never expires.
 */
export interface Identity extends Profile {
  identifier: string;
  identifier_hash: string;
}

/** Signs a contact. */
export function toIdentity(contact: Contact, inbox: PreparedInbox): Identity {
  const identifier = toIdentifier(contact.identifier);
  const identity: Identity = { identifier, identifier_hash: inbox.sign(identifier), ...toProfile(contact) };
  // setUser throws when all three are missing, whatever else is there (checked against Chatwoot's SDK).
  if (!identity.name && !identity.email && !identity.avatar_url) identity.name = identifier;
  return identity;
}
