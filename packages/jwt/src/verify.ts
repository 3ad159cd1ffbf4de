import { errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { VerificationKey } from './key.js';

/** The claims that a token must have. */
export interface Expectations extends JWTVerifyOptions {
  /** Claims that a token must not have, because the app passed `false` for them. */
  readonly absent: readonly ('iss' | 'aud')[];
}

// Errors of the token itself. All other errors come from our options or the issuer, and must not look like a signed-out user.
const refusals: ReadonlySet<string> = new Set([
  errors.JWSInvalid.code,
  errors.JWTInvalid.code,
  errors.JWTExpired.code,
  errors.JWTClaimValidationFailed.code,
  errors.JOSEAlgNotAllowed.code,
  errors.JOSENotSupported.code,
  errors.JWSSignatureVerificationFailed.code,
  errors.JWKSNoMatchingKey.code,
]);

// A longer token cannot arrive: Node accepts 16 KiB of headers.
const maxTokenLength = 16_384;

// RFC 7515, sections 2 and 7.1: three parts in base64url, without the padding and white space that decoders accept.
const compactToken = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Verifies a token: signature, times, issuer and audience.
 *
 * @throws any error of jose; {@link isRefusal} recognises those of the token
 */
export async function verifyToken(
  token: string,
  key: VerificationKey,
  expected: Expectations,
): Promise<JWTPayload> {
  if (token.length > maxTokenLength || !compactToken.test(token))
    throw new errors.JWTInvalid('Malformed JWT');
  const payload = await verifyWith(token, key, expected);
  for (const claim of expected.absent) {
    if (payload[claim] !== undefined) {
      throw new errors.JWTClaimValidationFailed(
        `unexpected "${claim}" claim`,
        payload,
        claim,
        'check_failed',
      );
    }
  }
  return payload;
}

// A token without a kid may match several keys of a set, for example during a rotation. Any of them may have signed it.
async function verifyWith(token: string, key: VerificationKey, expected: Expectations): Promise<JWTPayload> {
  try {
    return (
      await (typeof key === 'function' ? jwtVerify(token, key, expected) : jwtVerify(token, key, expected))
    ).payload;
  } catch (error) {
    if (error instanceof errors.JWKSMultipleMatchingKeys) return verifyWithAny(token, error, expected);
    throw error;
  }
}

// If several keys match, we can reject the token only after trying all of them. jose skips keys it cannot parse. An error
// from a key it can parse but not use takes precedence over a signature mismatch, because that key may have been the right
// one.
async function verifyWithAny(
  token: string,
  keys: errors.JWKSMultipleMatchingKeys,
  expected: Expectations,
): Promise<JWTPayload> {
  const failures: unknown[] = [];
  for await (const key of keys) {
    try {
      return (await jwtVerify(token, key, expected)).payload;
    } catch (failure) {
      if (failure instanceof errors.JWSSignatureVerificationFailed) failures.push(failure);
      else if (failure instanceof errors.JOSEError) throw failure;
      else failures.unshift(failure);
    }
  }
  throw failures[0] ?? keys;
}

/**
 * Returns true if the token is invalid, and false if it could not be checked. An issuer without any key counts as
 * unavailable.
 */
export function isRefusal(error: unknown, key: VerificationKey): error is errors.JOSEError {
  const isEmptySet = typeof key === 'function' && key.jwks()?.keys.length === 0;
  if (error instanceof errors.JWKSNoMatchingKey && isEmptySet) return false;
  return error instanceof errors.JOSEError && refusals.has(error.code);
}
