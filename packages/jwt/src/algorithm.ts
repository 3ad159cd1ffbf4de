/** Algorithms that sign and verify with one shared secret. */
export type SymmetricAlgorithm = 'HS256' | 'HS384' | 'HS512';

/** Algorithms that sign with a private key and verify with the matching public key. */
export type AsymmetricAlgorithm =
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA'
  | 'Ed25519';

/** The symmetric algorithms, each with the minimum length of its secret in bytes (RFC 7518, section 3.2). */
export const secretBytes: ReadonlyMap<string, number> = new Map([
  ['HS256', 32],
  ['HS384', 48],
  ['HS512', 64],
]);

/** The asymmetric algorithms, each with its key type and curve as `node:crypto` names them. */
export const keyTypes: ReadonlyMap<string, string> = new Map([
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'].map((name) => [name, 'rsa'] as const),
  ['ES256', 'ec prime256v1'],
  ['ES384', 'ec secp384r1'],
  ['ES512', 'ec secp521r1'],
  ['EdDSA', 'ed25519'],
  ['Ed25519', 'ed25519'],
]);

/**
 * Checks that the `algorithms` option matches the type of the key. Without this check, an attacker could sign tokens by
 * using the RSA public key as an HMAC secret (algorithm confusion).
 *
 * @throws {TypeError} if an algorithm is unknown or does not match the type of the key
 */
export function checkAlgorithms(algorithms: unknown, withSecret: boolean): void {
  if (!Array.isArray(algorithms) || algorithms.length === 0) {
    throw new TypeError(
      "jwtSession: algorithms has no default. Name the algorithms that your issuer signs with, for example algorithms: ['RS256'].",
    );
  }
  const fitting = withSecret ? secretBytes : keyTypes;
  for (const algorithm of algorithms) {
    if (fitting.has(algorithm)) continue;
    if (secretBytes.has(algorithm) || keyTypes.has(algorithm)) {
      throw new TypeError(
        `jwtSession: algorithms contains ${algorithm}, which ${withSecret ? 'needs publicKey or jwksUri, not a secret' : 'needs a secret, not a public key'}.`,
      );
    }
    throw new TypeError(
      `jwtSession: algorithms contains ${algorithm === 'none' ? "'none', which lets anyone sign in as any user; remove it" : 'an unknown algorithm'}. Supported: ${[...fitting.keys()].join(', ')}.`,
    );
  }
}
