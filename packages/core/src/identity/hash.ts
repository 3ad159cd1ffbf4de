import { timingSafeEqual } from 'node:crypto';
import { ChatwootIdentityError } from '../error.js';
import { sign } from './hmac.js';
import { type Identifier, toIdentifier } from './identifier.js';
import { problemWithHmacToken } from './token.js';

/**
 * Computes Chatwoot's `identifier_hash`: the lower-case hex HMAC-SHA256 of the identifier, with the inbox's
 * HMAC token as the key (chatwoot/chatwoot#4798 contains a public test vector).
 *
 * The hash never expires. Until the token is rotated, anyone who has the hash can chat as this contact. Send
 * the hash only to the signed-in user with this identifier.
 *
 * @param hmacToken the inbox's HMAC token, from Inboxes > Settings > Configuration > Identity Validation
 * @param identifier the user's permanent id; a string is signed unchanged
 * @returns 64 lower-case hex digits
 * @throws {TypeError} if the token is missing, empty or has white space around it
 * @throws {ChatwootIdentityError} if the identifier must not be signed; see the error's `code`
 * @example
 * identifierHash('wyHVRZzzJhjPMKR2h7LpeJVy', 'test');
 * // '45e289a669fbb7b4f7c09b3c68734dd9c52d508aba109dc7543c8133e0ec98be'
 */
export function identifierHash(hmacToken: string | undefined, identifier: Identifier): string {
  return sign(usable(hmacToken), toIdentifier(identifier));
}

/**
 * Returns true if Chatwoot would accept `hash` as proof of `identifier`. Compares the hash in constant time.
 * Like Chatwoot, does not trim the hash and does not ignore its case. Returns false for any other value,
 * including a malformed hash and an identifier that must never be signed.
 *
 * @param hmacToken the inbox's HMAC token
 * @param identifier the identifier that was passed to `setUser`
 * @param hash the `identifier_hash` to check; may be any value
 * @returns true if Chatwoot would accept the hash
 * @throws {TypeError} if the token is missing, empty or has white space around it
 * @example
 * const isValid = verifyIdentifierHash(process.env.CHATWOOT_HMAC_TOKEN, 'user-42', body.identifier_hash);
 */
export function verifyIdentifierHash(
  hmacToken: string | undefined,
  identifier: Identifier,
  hash: unknown,
): boolean {
  const token = usable(hmacToken);
  const given = typeof hash === 'string' ? Buffer.from(hash) : Buffer.alloc(0);
  let expected: Buffer;
  try {
    expected = Buffer.from(sign(token, toIdentifier(identifier)));
  } catch (error) {
    if (error instanceof ChatwootIdentityError) return false;
    throw error;
  }
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function usable(hmacToken: string | undefined): string {
  const problem = problemWithHmacToken('hmacToken', hmacToken);
  if (problem) throw new TypeError(problem);
  return hmacToken as string;
}
