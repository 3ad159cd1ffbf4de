/** Algorithms that sign and verify with one shared secret. */
export type SymmetricAlgorithm = 'HS256' | 'HS384' | 'HS512';

/** Algorithms that sign with a private key and verify with its public half. */
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

/** The symmetric algorithms, each with the fewest bytes its secret may have (RFC 7518, section 3.2). */
export const secretBytes: ReadonlyMap<string, number> = new Map([
  ['HS256', 32],
  ['HS384', 48],
  ['HS512', 64],
]);

/** The asymmetric algorithms, each with the type of its key, named as node:crypto does. */
export const keyTypes: ReadonlyMap<string, string> = new Map([
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'].map((name) => [name, 'rsa'] as const),
  ['ES256', 'ec prime256v1'],
  ['ES384', 'ec secp384r1'],
  ['ES512', 'ec secp521r1'],
  ['EdDSA', 'ed25519'],
  ['Ed25519', 'ed25519'],
]);

/**
 * Checks the option `algorithms` against the kind of key it is used with. An RSA public key taken for an HMAC secret is
 * the oldest attack on JWTs: whoever can read the key could sign.
 *
 * @throws {TypeError}
 */
export function checkAlgorithms(algorithms: unknown, withSecret: boolean): void {
  if (!Array.isArray(algorithms) || algorithms.length === 0) {
    throw new TypeError(
      "jwtSession: algorithms has no default. Name those your issuer signs with, e.g. algorithms: ['RS256'].",
    );
  }
  const fitting = withSecret ? secretBytes : keyTypes;
  for (const algorithm of algorithms) {
    if (fitting.has(algorithm)) continue;
    if (secretBytes.has(algorithm) || keyTypes.has(algorithm)) {
      throw new TypeError(
        `jwtSession: algorithms holds ${algorithm}, which ${withSecret ? 'needs publicKey or jwksUri, not a secret' : 'needs a secret, not a public key'}.`,
      );
    }
    throw new TypeError(
      `jwtSession: algorithms holds ${algorithm === 'none' ? "'none', which lets anybody sign in as anybody; remove it" : 'an unknown algorithm'}. Known here: ${[...fitting.keys()].join(', ')}.`,
    );
  }
}
