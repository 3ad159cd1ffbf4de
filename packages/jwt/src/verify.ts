import { errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { VerificationKey } from './key.js';

/** The claims that a token must have, and those that it must not have. */
export interface Expectations extends JWTVerifyOptions {
  /** Claims that a token must not have, because the app set `issuer` or `audience` to `false`. */
  readonly absent: readonly ('iss' | 'aud')[];
}

// The codes of errors that are caused by an invalid token. All other errors are caused by the options or the issuer,
// and must not make the visitor anonymous.
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

// The maximum length of a token, because Node accepts at most 16 KiB of request headers.
const maxTokenLength = 16_384;

// A compact token has three base64url parts (RFC 7515, sections 2 and 7.1). Decoders also accept padding and white
// space, which are not allowed in a token.
const compactToken = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Returns the claims of a token after verifying its signature, validity period, issuer and audience.
 *
 * @throws any error of jose; {@link isRefusal} returns true for an error that is caused by an invalid token
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

// Verifies a token. A token without a `kid` may match several keys of a set, for example during a key rotation. Any of
// these keys may have signed the token.
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

// Verifies a token with each of several matching keys, because a token can be rejected only after trying all keys.
// jose skips keys that it cannot parse. If jose can parse a key but not use it, the resulting error takes precedence
// over a signature mismatch, because that key may have signed the token.
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
 * Returns true if an error means that the token is invalid, and false if it means that the token could not be
 * verified. An empty key set means that the token could not be verified.
 */
export function isRefusal(error: unknown, key: VerificationKey): error is errors.JOSEError {
  const isEmptySet = typeof key === 'function' && key.jwks()?.keys.length === 0;
  if (error instanceof errors.JWKSNoMatchingKey && isEmptySet) return false;
  return error instanceof errors.JOSEError && refusals.has(error.code);
}
