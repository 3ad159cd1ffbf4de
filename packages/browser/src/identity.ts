import type { Identity } from '@chatwoot-identity/core/wire';

/**
 * Throws if Chatwoot would not handle an identity correctly. Without a hash, most inboxes would accept the
 * user as unverified. With a number as the identifier, Chatwoot would never find the contact again
 * (chatwoot/chatwoot 12256). Without name, email and avatar_url, `setUser` would throw.
 *
 * @throws TypeError if the identity has one of these faults.
 */
export function assertSigned({ identifier, identifier_hash, name, email, avatar_url }: Identity): void {
  const isSigned = identifier && typeof identifier === 'string' && /^[0-9a-f]{64}$/.test(identifier_hash);
  if (isSigned && (name || email || avatar_url)) return;
  throw new TypeError(
    'An identity needs a string identifier, its identifier_hash, and a name, email or avatar_url',
  );
}
