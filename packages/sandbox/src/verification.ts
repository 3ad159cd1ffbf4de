import { createHmac, timingSafeEqual } from 'node:crypto';
import { blank, toS } from './ruby.js';

/** The parameters of a request as Rails sees them: query and body in one. */
export type Params = Readonly<Record<string, unknown>>;

/**
 * Whether `identifier_hash` is the lowercase hex HMAC-SHA256 of `identifier`. Written against `node:crypto` alone:
 * the sandbox and `@chatwoot-identity/core` check each other.
 */
export function validHash(hmacToken: string, params: Params): boolean {
  const identifier = toS(params.identifier);
  const given = Buffer.from(toS(params.identifier_hash) ?? '');
  if (identifier === undefined || given.length !== 64) return false;
  const expected = createHmac('sha256', hmacToken).update(identifier).digest('hex');
  return timingSafeEqual(given, Buffer.from(expected));
}

/**
 * Whether the web widget checks a request at all. Without a hash it does so only under enforcement; a request with
 * custom attributes and no identifier is never checked, enforced or not.
 */
export function shouldVerify(hmacMandatory: boolean, params: Params): boolean {
  if (blank(params.identifier_hash) && !hmacMandatory) return false;
  return !(blank(params.identifier) && !blank(params.custom_attributes));
}
