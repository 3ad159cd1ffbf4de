import { timingSafeEqual } from 'node:crypto';
import { ChatwootIdentityError } from '../error.js';
import { sign } from './hmac.js';
import { type Identifier, toIdentifier } from './identifier.js';
import { problemWithHmacToken } from './token.js';

/**
 * Computes Chatwoot's `identifier_hash`: the lower-case hex HMAC-SHA256 of the identifier under the inbox's
 * HMAC token (chatwoot/chatwoot#4798 has a public test vector).
 *
 * The hash never expires and lets its holder chat as this contact until the token is rotated. Give it only
 * to the signed-in user it belongs to.
 *
 * @param hmacToken the inbox's HMAC token, from Inboxes > Settings > Configuration > Identity Validation
 * @param identifier the user's permanent id; a string is signed exactly as given
 * @returns 64 lower-case hex digits
 * @throws {TypeError} if the token is missing, empty or has white space around it
 * @throws {ChatwootIdentityError} if the identifier must not be signed; see its `code`
 * @example
 * identifierHash('wyHVRZzzJhjPMKR2h7LpeJVy', 'test');
 * // '45e289a669fbb7b4f7c09b3c68734dd9c52d508aba109dc7543c8133e0ec98be'
 */
export function identifierHash(hmacToken: string | undefined, identifier: Identifier): string {
  return sign(usable(hmacToken), toIdentifier(identifier));
}

/**
 * Returns true if Chatwoot would accept `hash` as proof of `identifier`. Compares in constant time and, like Chatwoot,
 * neither trims nor ignores case. Returns false for anything else, including a malformed hash and an identifier that
 * must never be signed.
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
