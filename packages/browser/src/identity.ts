import type { Identity } from '@chatwoot-identity/core/wire';

/**
 * Refuses an identity that Chatwoot would handle wrongly. Without a hash it would be sent unverified, and most inboxes
 * would accept it. With a number as identifier it would be verified, but Chatwoot would never find the contact again
 * (chatwoot/chatwoot 12256). Without name, email and avatar_url, `setUser` itself would throw.
 *
 * @throws TypeError in each of these cases.
 */
export function assertSigned({ identifier, identifier_hash, name, email, avatar_url }: Identity): void {
  const isSigned = identifier && typeof identifier === 'string' && /^[0-9a-f]{64}$/.test(identifier_hash);
  if (isSigned && (name || email || avatar_url)) return;
  throw new TypeError(
    'An identity needs a string identifier, its identifier_hash, and a name, email or avatar_url',
  );
}
