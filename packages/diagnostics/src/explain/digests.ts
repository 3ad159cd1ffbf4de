import { createHash, createHmac, getHashes } from 'node:crypto';
import type { Variant } from './candidates.js';

/** A function that computes a digest from the key and the message. */
export type Digest = (key: Buffer, message: Buffer) => Buffer;

/**
 * The hash functions that programs use instead of SHA-256, by their OpenSSL names. Some runtimes do not support
 * all of these functions.
 */
const OTHERS: readonly (readonly [algorithm: string, name: string])[] = [
  ['sha1', 'SHA-1'],
  ['sha512', 'SHA-512'],
  ['md5', 'MD5'],
  ['sha384', 'SHA-384'],
  ['sha224', 'SHA-224'],
  ['sha3-256', 'SHA3-256'],
  ['sha3-512', 'SHA3-512'],
  ['blake2b512', 'BLAKE2b'],
  ['ripemd160', 'RIPEMD-160'],
];
const available = new Set(getHashes().map((name) => name.toLowerCase()));
const others = OTHERS.filter(([algorithm]) => available.has(algorithm));

/** The number of these hash functions that are also tried in combination with another mistake. */
const COMMON = 3;

const EMPTY: Buffer = Buffer.alloc(0);

/**
 * The digests that programs compute. The first digest is correct. Each of the other digests contains a mistake
 * and names its hash function.
 */
export const digests: readonly Variant<Digest>[] = [
  { value: (key, message) => hmac('sha256', key, message) },
  { value: (key, message) => hmac('sha256', message, key), mistake: { code: 'swapped' } },
  ...others.map(([algorithm, name], index) => ({
    value: (key: Buffer, message: Buffer) => hmac(algorithm, key, message),
    mistake: { code: 'wrong_algorithm' as const, name: `HMAC-${name}` },
    rare: index >= COMMON,
  })),
  ...[['sha256', 'SHA-256'] as const, ...others.slice(0, COMMON)].flatMap(([algorithm, name]) => [
    {
      value: (_key: Buffer, message: Buffer) => hash(algorithm, message),
      mistake: { code: 'unkeyed' as const, name },
    },
    ...[EMPTY, Buffer.from(':')].flatMap((separator) => [
      {
        value: (key: Buffer, message: Buffer) => hash(algorithm, key, separator, message),
        mistake: { code: 'concatenated' as const, name },
        rare: separator !== EMPTY || algorithm !== 'sha256',
      },
      {
        value: (key: Buffer, message: Buffer) => hash(algorithm, message, separator, key),
        mistake: { code: 'concatenated' as const, name },
        rare: separator !== EMPTY || algorithm !== 'sha256',
      },
    ]),
  ]),
  {
    value: (key, message) => hmac('sha256', key, Buffer.concat([key, message])),
    mistake: { code: 'concatenated', name: 'HMAC-SHA256' },
    rare: true,
  },
  {
    value: (key, message) => hmac('sha256', key, Buffer.concat([message, key])),
    mistake: { code: 'concatenated', name: 'HMAC-SHA256' },
    rare: true,
  },
  ...hashedTwice([
    (_key, digest) => hash('sha256', hex(digest)),
    (_key, digest) => hash('sha256', digest),
    (key, digest) => hmac('sha256', key, hex(digest)),
    (key, digest) => hmac('sha256', key, digest),
    (_key, digest) => hash('md5', hex(digest)),
    (_key, digest) => hash('sha1', hex(digest)),
  ]),
  // Go's Sum appends the digest to its argument and does not sign the argument.
  {
    value: (key, message) => Buffer.concat([message, hmac('sha256', key, EMPTY)]),
    mistake: { code: 'sum_argument' },
    rare: true,
  },
  {
    value: (key, message) => Buffer.concat([message, hmac('sha256', key, message)]),
    mistake: { code: 'sum_prefix' },
    rare: true,
  },
  {
    value: (_key, message) => Buffer.concat([message, hash('sha256')]),
    mistake: { code: 'unkeyed', name: 'SHA-256' },
    rare: true,
  },
];

function hashedTwice(again: readonly Digest[]): Variant<Digest>[] {
  return again.map((digest) => ({
    value: (key, message) => digest(key, hmac('sha256', key, message)),
    mistake: { code: 'hashed_twice' },
    rare: true,
  }));
}

/** Returns the hashes of an identifier that programs sign instead of the identifier. */
export function hashesOf(text: string): Buffer[] {
  return ['sha256', 'md5', 'sha1'].flatMap((algorithm) => {
    const digest = hash(algorithm, Buffer.from(text));
    return [hex(digest), digest];
  });
}

function hmac(algorithm: string, key: Buffer, message: Buffer): Buffer {
  return createHmac(algorithm, key).update(message).digest();
}

function hash(algorithm: string, ...parts: Buffer[]): Buffer {
  return parts.reduce((hash, part) => hash.update(part), createHash(algorithm)).digest();
}

function hex(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('hex'));
}
