import { table, type Variant } from './candidates.js';

/**
 * Notations from which the digest cannot be recovered. `decodings.ts` handles the notations that can be
 * decoded.
 */
export const writings: Variant<(digest: Buffer) => string>[] = table<(digest: Buffer) => string>([
  [null, (digest) => digest.toString('hex')],
  ['hex_padding', (digest) => Array.from(digest, (byte) => byte.toString(16)).join('')],
  ['hex_padding', (digest) => digest.toString('hex').replace(/^0+/, '')], // Java's BigInteger omits leading zeros
  ['hex_padding', (digest) => Array.from(digest, javaHex).join('')],
  ['raw_bytes', (digest) => digest.toString('utf8')],
]);

/** Formats a signed byte as `Integer.toHexString` of Java does. */
function javaHex(byte: number): string {
  return byte < 128 ? byte.toString(16) : `ffffff${byte.toString(16)}`;
}
