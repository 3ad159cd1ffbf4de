import { createPublicKey, createSecretKey, type JsonWebKey, KeyObject } from 'node:crypto';
import { createRemoteJWKSet, type JWK } from 'jose';
import {
  type AsymmetricAlgorithm,
  checkAlgorithms,
  keyTypes,
  type SymmetricAlgorithm,
  secretBytes,
} from './algorithm.js';

/** Exactly one source of keys, and the algorithms that go with it. */
export type KeySource =
  | {
      /**
       * The shared secret that signs the tokens. It needs at least 32 bytes for HS256, 48 for HS384 and 64 for HS512
       * (RFC 7518, section 3.2). The UTF-8 bytes of a string are used; for base64 pass `Buffer.from(secret, 'base64')`.
       */
      readonly secret: string | Uint8Array | undefined;
      readonly publicKey?: never;
      readonly jwksUri?: never;
      /** The accepted algorithms. */
      readonly algorithms: readonly SymmetricAlgorithm[];
    }
  | {
      /** The issuer's public key: PEM (also of a certificate), a JWK or a `KeyObject`. */
      readonly publicKey: string | JWK | KeyObject | undefined;
      readonly secret?: never;
      readonly jwksUri?: never;
      /** The accepted algorithms. */
      readonly algorithms: readonly AsymmetricAlgorithm[];
    }
  | {
      /** The address of the issuer's JSON Web Key Set; http is accepted only on this machine or in a container network. */
      readonly jwksUri: string | URL | undefined;
      readonly secret?: never;
      readonly publicKey?: never;
      /** The accepted algorithms. */
      readonly algorithms: readonly AsymmetricAlgorithm[];
    };

/** The argument of jose's verification: one key, or a JWKS that jose fetches and caches. */
export type VerificationKey = KeyObject | ReturnType<typeof createRemoteJWKSet>;

/**
 * Checks the options of a key source at start-up, and creates its key.
 *
 * @throws {TypeError} naming the wrong option and how to fix it
 */
export function verificationKey(source: KeySource): VerificationKey {
  const given = (['secret', 'publicKey', 'jwksUri'] as const).filter((name) => source[name] !== undefined);
  if (given.length !== 1) {
    throw new TypeError(
      `jwtSession: give exactly one of secret, publicKey and jwksUri (${given.length ? `given: ${given.join(', ')}` : 'all are undefined: is an environment variable missing?'}).`,
    );
  }
  checkAlgorithms(source.algorithms, source.secret !== undefined);
  if (source.secret !== undefined) return secretKey(source.secret, source.algorithms);
  if (source.publicKey !== undefined) return publicKey(source.publicKey, source.algorithms);
  return createRemoteJWKSet(jwksUrl(source.jwksUri!));
}

function secretKey(secret: unknown, algorithms: readonly string[]): KeyObject {
  if (typeof secret !== 'string' && !(secret instanceof Uint8Array)) {
    throw new TypeError('jwtSession: secret must be a string or a Uint8Array.');
  }
  if (typeof secret === 'string' && secret.includes('-----BEGIN')) {
    throw new TypeError(
      'jwtSession: secret is a PEM key. Pass it as publicKey, with an algorithm such as RS256.',
    );
  }
  if (typeof secret === 'string' && secret.trim() !== secret) {
    throw new TypeError(
      'jwtSession: secret has white space around it, perhaps from an environment file. Trim it, or pass Buffer.from(secret) if the issuer signs with that white space.',
    );
  }
  const bytes = Buffer.from(secret);
  for (const algorithm of algorithms) {
    const needed = secretBytes.get(algorithm)!;
    if (bytes.length < needed) {
      throw new TypeError(
        `jwtSession: secret has fewer than the ${needed} bytes that ${algorithm} needs (RFC 7518, section 3.2), so it can be guessed from one token. Create a new one with: openssl rand -hex 64`,
      );
    }
  }
  return createSecretKey(bytes);
}

function publicKey(given: string | JWK | KeyObject, algorithms: readonly string[]): KeyObject {
  const key = importPublicKey(given);
  const type = [key.asymmetricKeyType, key.asymmetricKeyDetails?.namedCurve].filter(Boolean).join(' ');
  const wrong = algorithms.find((algorithm) => keyTypes.get(algorithm) !== type);
  if (wrong) {
    throw new TypeError(
      `jwtSession: publicKey is of type ${type}, which ${wrong} of algorithms can't use. Name the algorithm that your issuer signs with.`,
    );
  }
  if (type === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) {
    throw new TypeError('jwtSession: publicKey is an RSA key of fewer than 2048 bits. Create a longer one.');
  }
  return key;
}

function importPublicKey(given: string | JWK | KeyObject): KeyObject {
  const isPrivate =
    given instanceof KeyObject
      ? given.type === 'private'
      : typeof given === 'string'
        ? given.includes('PRIVATE KEY')
        : typeof given === 'object' && given !== null && 'd' in given;
  if (isPrivate) {
    throw new TypeError(
      'jwtSession: publicKey is a private key. This app only verifies: give it the public half alone.',
    );
  }
  try {
    if (given instanceof KeyObject && given.type === 'public') return given;
    return typeof given === 'string'
      ? createPublicKey(given)
      : createPublicKey({ key: given as JsonWebKey, format: 'jwk' });
  } catch (cause) {
    throw new TypeError(
      'jwtSession: publicKey can\'t be read. Give PEM ("-----BEGIN PUBLIC KEY-----", with real line breaks), a JWK or a KeyObject.',
      { cause },
    );
  }
}

// An attacker who can change the response can sign in as any user. So plain http is accepted only for this machine and for
// host names without a dot, as in a container network (http://keycloak:8080).
function jwksUrl(jwksUri: string | URL): URL {
  const url = URL.canParse(String(jwksUri)) ? new URL(String(jwksUri)) : undefined;
  const isPrivateHost = /^(?:127(?:\.\d+){3}|\[::1\]|[^.[\]:]+)$/.test(url?.hostname ?? '');
  if (!url || url.username || url.password) {
    throw new TypeError(
      'jwtSession: jwksUri must be an absolute URL without a user name, e.g. https://example.eu.auth0.com/.well-known/jwks.json',
    );
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isPrivateHost)) {
    throw new TypeError(
      'jwtSession: jwksUri must be https. Otherwise an attacker on the network could replace the keys and sign in as any user.',
    );
  }
  return url;
}
