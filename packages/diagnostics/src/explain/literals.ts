import { createHmac } from 'node:crypto';
import { bareToken } from '@chatwoot-identity/core/internal';
import { type Ingredients, table, type Variant } from './candidates.js';

/** Returns the texts that programs pass as the hash although they are not a digest. */
export function literals(ingredients: Ingredients, identifierHash: string): Variant<string>[] {
  const { email, hmacToken, websiteToken, otherTokens = {} } = ingredients;
  const token = bareToken(hmacToken);
  const identifier = String(ingredients.identifier);
  const signs = (message: string) => createHmac('sha256', token).update(message).digest('hex') === identifier;
  const isHash = /^[0-9a-f]{64}$/.test(identifier);
  const swapped = isHash && (identifierHash === identifier || [identifierHash, email ?? ''].some(signs));
  return table([
    ['hash_missing', NO_VALUE.test(identifierHash) ? identifierHash : undefined],
    ['token_as_hash', token, websiteToken, ...Object.values(otherTokens)],
    ['token_as_hash', isReadableIn(identifierHash, token) ? identifierHash : undefined],
    ['hash_as_identifier', swapped ? identifierHash : undefined],
    ['identifier_as_hash', identifier, email, identifier && Buffer.from(identifier).toString('hex')],
  ]);
}

/**
 * Matches the text of a missing value, an object, an array of bytes or a method that was not called, in
 * several languages.
 */
const NO_VALUE =
  /^(?:|undefined|null|NaN|None|nil|false|true|\[object \w+\]|System\.Byte\[\]|\[B@[0-9a-f]+|#?<(?!Buffer ).+>)$/;

/**
 * Returns true if the text contains the token in hex or base64. Go's `Sum` produces a text that contains the
 * token if the token is its argument.
 */
function isReadableIn(text: string, token: string): boolean {
  const forms = [Buffer.from(text, 'hex'), Buffer.from(text, 'base64')];
  return forms.some((bytes) => bytes.includes(token));
}
