import { createPublicKey, createSecretKey, type JsonWebKey, KeyObject } from 'node:crypto';
import { createRemoteJWKSet, type JWK } from 'jose';
import {
  type AsymmetricAlgorithm,
  checkAlgorithms,
  keyTypes,
  type SymmetricAlgorithm,
  secretBytes,
} from './algorithm.js';

/** Exactly one source of verification keys (`secret`, `publicKey` or `jwksUri`), and the algorithms to accept. */
export type KeySource =
  | {
      /**
       * The shared secret that signs the tokens. The secret needs at least 32 bytes for HS256, 48 for HS384 and 64
       * for HS512 (RFC 7518, section 3.2). A string is used as UTF-8 bytes; for base64, pass
       * `Buffer.from(secret, 'base64')`.
       */
      readonly secret: string | Uint8Array | undefined;
      readonly publicKey?: never;
      readonly jwksUri?: never;
      /** The accepted algorithms. */
      readonly algorithms: readonly SymmetricAlgorithm[];
    }
  | {
      /** The issuer's public key as PEM (of a key or a certificate), as a JWK or as a `KeyObject`. */
      readonly publicKey: string | JWK | KeyObject | undefined;
      readonly secret?: never;
      readonly jwksUri?: never;
      /** The accepted algorithms. */
      readonly algorithms: readonly AsymmetricAlgorithm[];
    }
  | {
      /**
       * The URL of the issuer's JSON Web Key Set; must use https, except on the local machine or in a container
       * network.
       */
      readonly jwksUri: string | URL | undefined;
      readonly secret?: never;
      readonly publicKey?: never;
      /** The accepted algorithms. */
      readonly algorithms: readonly AsymmetricAlgorithm[];
    };

/** The key argument of jose's `jwtVerify`: a single key, or a key set that jose fetches and caches. */
export type VerificationKey = KeyObject | ReturnType<typeof createRemoteJWKSet>;

/**
 * Validates the options of a key source and creates the verification key.
 *
 * @throws {TypeError} if an option is invalid; the message explains how to fix it
 */
export function verificationKey(source: KeySource): VerificationKey {
  const given = (['secret', 'publicKey', 'jwksUri'] as const).filter((name) => source[name] !== undefined);
  if (given.length !== 1) {
    throw new TypeError(
      `jwtSession: pass exactly one of secret, publicKey and jwksUri (${given.length ? `given: ${given.join(', ')}` : 'all are undefined: is an environment variable missing?'}).`,
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
      'jwtSession: secret starts or ends with white space, perhaps from an environment file. Trim it, or pass Buffer.from(secret) if the white space is a part of the secret.',
    );
  }
  const bytes = Buffer.from(secret);
  for (const algorithm of algorithms) {
    const needed = secretBytes.get(algorithm)!;
    if (bytes.length < needed) {
      throw new TypeError(
        `jwtSession: secret has fewer than the ${needed} bytes that ${algorithm} needs (RFC 7518, section 3.2), so an attacker can guess it from a single token. Create a new secret with: openssl rand -hex 64`,
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
      `jwtSession: publicKey is of type ${type}, which ${wrong} in algorithms can't use. Name the algorithm that your issuer signs with.`,
    );
  }
  if (type === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) {
    throw new TypeError('jwtSession: publicKey is an RSA key of fewer than 2048 bits. Create a longer key.');
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
      'jwtSession: publicKey is a private key. Pass the public key instead: verification needs no private key.',
    );
  }
  try {
    if (given instanceof KeyObject && given.type === 'public') return given;
    return typeof given === 'string'
      ? createPublicKey(given)
      : createPublicKey({ key: given as JsonWebKey, format: 'jwk' });
  } catch (cause) {
    throw new TypeError(
      'jwtSession: publicKey can\'t be read. Pass PEM ("-----BEGIN PUBLIC KEY-----", with real line breaks), a JWK or a KeyObject.',
      { cause },
    );
  }
}

// Throws unless the URL uses https, because an attacker who can change the key set can sign in as any user. Plain
// http is accepted only for the local machine and for host names without a dot, as in a container network
// (http://keycloak:8080).
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
      'jwtSession: jwksUri must use https. Otherwise, an attacker on the network could replace the keys and sign in as any user.',
    );
  }
  return url;
}
