import crypto, { createHmac } from 'node:crypto';

/** A function that signs an identifier with a prepared key. */
export type Sign = (identifier: string) => string;

/**
 * Computes the lower-case hex HMAC-SHA256 of the identifier's UTF-8 bytes. The key is the UTF-8 bytes of the
 * token, because Chatwoot does not decode the token as hex or base64. Does not validate its arguments. An
 * argument of type `Uint8Array` is used unchanged.
 */
export function sign(hmacToken: string | Uint8Array, identifier: string | Uint8Array): string {
  return createHmac('sha256', hmacToken).update(identifier).digest('hex');
}

/** Returns a function that signs any number of identifiers with one key. */
export function prepareKey(hmacToken: string): Sign {
  return hashIsThere && isShortAscii(hmacToken)
    ? signByTwoHashes(hmacToken)
    : (identifier) => sign(hmacToken, identifier);
}

/** The block size and the digest size of SHA-256, in bytes. */
const BLOCK = 64;
const DIGEST = 32;

/**
 * Computes HMAC as defined in RFC 2104, `hash(key ^ opad, hash(key ^ ipad, identifier))`, with two calls of
 * the one-shot `crypto.hash`. Two such calls take half the time of `createHmac`, which spends most of its
 * time on creating a context. An ASCII key is still ASCII after the XOR with ipad, so the key and the
 * identifier can be hashed as one string.
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

/**
 * True if this runtime has `crypto.hash` and if its result equals that of `createHmac`. Some runtimes with
 * `node:crypto` lack `crypto.hash`.
 */
const hashIsThere =
  typeof crypto.hash === 'function' && signByTwoHashes('key')('text') === sign('key', 'text');
