import { errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { VerificationKey } from './key.js';

/** What a token has to say. */
export interface Expectations extends JWTVerifyOptions {
  /** Claims that no token may have, because the app said it expects none. */
  readonly absent: readonly ('iss' | 'aud')[];
}

// What is the token's own fault. Everything else is ours or the issuer's, and must not look like "signed out".
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

// No token comes in more: Node accepts 16 KiB of headers.
const maxTokenLength = 16_384;

// RFC 7515, sections 2 and 7.1: three parts in base64url, without the padding and white space that decoders let pass.
const compactToken = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Verifies a token: signature, times, issuer and audience.
 *
 * @throws what jose throws; {@link isRefusal} tells the token's faults from all others
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

// A token without a kid may fit several keys of a set, as in a rotation: any of them may have signed it.
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

// That none of several keys signed a token is known only when each was tried. What jose can't read it leaves out; what it
// reads and can't use comes first among the failures, for it may have been that one.
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
 * Tells a token that is refused from one that could not be judged. An issuer without any key is as broken as one that
 * does not answer.
 */
export function isRefusal(error: unknown, key: VerificationKey): error is errors.JOSEError {
  const isEmptySet = typeof key === 'function' && key.jwks()?.keys.length === 0;
  if (error instanceof errors.JWKSNoMatchingKey && isEmptySet) return false;
  return error instanceof errors.JOSEError && refusals.has(error.code);
}
