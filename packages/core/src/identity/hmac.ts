import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

/**
 * Prepares a key once, so that signing pays only for the HMAC. The key's bytes are the token's own UTF-8
 * bytes: Chatwoot does not decode it as hex or base64.
 */
export function prepareKey(hmacToken: string): KeyObject {
  return createSecretKey(hmacToken, 'utf8');
}

/** The bare formula: lower-case hex of HMAC-SHA256 over the identifier's UTF-8 bytes. Checks nothing. */
export function sign(key: KeyObject, identifier: string): string {
  return createHmac('sha256', key).update(identifier).digest('hex');
}
