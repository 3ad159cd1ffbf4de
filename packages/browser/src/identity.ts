import type { Identity } from '@chatwoot-identity/core/wire';

/**
 * Throws if Chatwoot would not handle an identity correctly. Most inboxes would accept an identity without a
 * hash, as an unverified user. If an identifier is a number, Chatwoot would never find the contact again
 * (chatwoot/chatwoot 12256). `setUser` would throw for an identity without name, email and avatar_url.
 *
 * @throws TypeError if the identifier or the hash is invalid, or if name, email and avatar_url are all
 *   missing.
 */
export function assertSigned({ identifier, identifier_hash, name, email, avatar_url }: Identity): void {
  const isSigned = identifier && typeof identifier === 'string' && /^[0-9a-f]{64}$/.test(identifier_hash);
  if (isSigned && (name || email || avatar_url)) return;
  throw new TypeError(
    'An identity needs a string identifier, its identifier_hash, and a name, email or avatar_url',
  );
}
