import crypto, { createHmac } from 'node:crypto';

/** Signs with a prepared key. */
export type Sign = (identifier: string) => string;

/**
 * The bare formula: lower-case hex of HMAC-SHA256 over the identifier's UTF-8 bytes. The key is the token's own UTF-8
 * bytes: Chatwoot does not decode it as hex or base64. Does not validate its arguments, and uses bytes as they are.
 */
export function sign(hmacToken: string | Uint8Array, identifier: string | Uint8Array): string {
  return createHmac('sha256', hmacToken).update(identifier).digest('hex');
}

/** Prepares a key for repeated signing. */
export function prepareKey(hmacToken: string): Sign {
  return hashIsThere && isShortAscii(hmacToken)
    ? signByTwoHashes(hmacToken)
    : (identifier) => sign(hmacToken, identifier);
}

/** Block size and digest size of SHA-256, in bytes. */
const BLOCK = 64;
const DIGEST = 32;

/**
 * HMAC as defined in RFC 2104, `hash(key ^ opad, hash(key ^ ipad, identifier))`, computed with two one-shot hashes.
 * This takes half the time of `createHmac`, which spends most of it on setting up its context. An ASCII key is still
 * ASCII after the XOR with ipad, so key and identifier can be hashed as one string.
 */
function signByTwoHashes(hmacToken: string): Sign {
  const key = Buffer.alloc(BLOCK);
  key.write(hmacToken);
  const inner = key.map((byte) => byte ^ 0x36).toString();
  const outer = Buffer.alloc(BLOCK + DIGEST);
  outer.set(key.map((byte) => byte ^ 0x5c));
  return (identifier) => {
    outer.write(crypto.hash('sha256', inner + identifier, 'binary'), BLOCK, 'binary');
    return crypto.hash('sha256', outer, 'hex');
  };
}

function isShortAscii(token: string): boolean {
  return token.length <= BLOCK && Buffer.byteLength(token) === token.length;
}

/** Not every runtime with `node:crypto` has `hash`. Where it exists, its result is verified once before it is used. */
const hashIsThere =
  typeof crypto.hash === 'function' && signByTwoHashes('key')('text') === sign('key', 'text');
