import { createHmac, timingSafeEqual } from 'node:crypto';
import { blank, toS } from './ruby.js';

/** The parameters of a request as Rails provides them: query and body merged. */
export type Params = Readonly<Record<string, unknown>>;

/**
 * Returns true if `identifier_hash` is the lowercase hex HMAC-SHA256 of `identifier`. Does not use
 * `@chatwoot-identity/core`, so that tests can compare two independent implementations.
 */
export function validHash(hmacToken: string, params: Params): boolean {
  const identifier = toS(params.identifier);
  const given = Buffer.from(toS(params.identifier_hash) ?? '');
  if (identifier === undefined || given.length !== 64) return false;
  const expected = createHmac('sha256', hmacToken).update(identifier).digest('hex');
  return timingSafeEqual(given, Buffer.from(expected));
}

/**
 * Returns true if the widget's API verifies the hash of this request. Without enforcement, a request without
 * a hash is not verified. A request with custom attributes and without an identifier is never verified, even
 * under enforcement.
 */
export function shouldVerify(hmacMandatory: boolean, params: Params): boolean {
  if (blank(params.identifier_hash) && !hmacMandatory) return false;
  return !(blank(params.identifier) && !blank(params.custom_attributes));
}
