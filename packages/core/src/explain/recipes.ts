import { createHash, createHmac } from 'node:crypto';
import { ChatwootIdentityError } from '../error.js';
import { type Identifier, toIdentifier } from '../identity/identifier.js';
import type { MistakeCode } from './mistakes.js';
import { htmlEscapes, numberFormats, urlEncodings } from './spellings.js';

/** One way to do one step, with the mistake that it is; no mistake in the right way. */
export interface Variant<T> {
  readonly value: T;
  readonly mistake?: { readonly code: MistakeCode; readonly name?: string };
}

/** What a hash can have been made from. `hmacToken` and `identifier` are the right ones. */
export interface Ingredients {
  readonly hmacToken: string;
  readonly identifier: Identifier;
  readonly websiteToken?: string | undefined;
  readonly email?: string | undefined;
  readonly otherTokens?: Readonly<Record<string, string>> | undefined;
}

/** A mistake, or none, and the ways to make it. */
type Row<T> = readonly [MistakeCode | null, ...(T | undefined)[]];
type Digest = (key: Buffer, message: Buffer) => Buffer;

function table<T>(rows: readonly Row<T>[]): Variant<T>[] {
  return rows.flatMap(([code, ...values]) =>
    values
      .filter((value) => value !== undefined)
      .map((value) => ({ value, ...(code && { mistake: { code } }) })),
  );
}

/** The first row with a value owns it, so that a harmless variant never earns a mistake. */
function distinct(rows: readonly Row<string | Buffer>[]): Variant<Buffer>[] {
  const owned = new Map<string, Variant<Buffer>>();
  for (const { value, ...mistake } of table(rows)) {
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    const id = bytes.toString('latin1');
    if (!owned.has(id)) owned.set(id, { value: bytes, ...mistake });
  }
  return [...owned.values()];
}

/** The keys that people use. */
export function keys({ hmacToken, websiteToken, otherTokens = {} }: Ingredients): Variant<Buffer>[] {
  const token = hmacToken.trim();
  const own = distinct([
    [null, token],
    ['token_missing', '', 'undefined', 'null'],
    ['token_whitespace', hmacToken, `${token}\n`, `${token}\r\n`, `${token} `, ` ${token}`, `\uFEFF${token}`],
    ['token_quoted', `"${token}"`, `'${token}'`],
    ['token_encoded', Buffer.from(token).toString('base64'), Buffer.from(token).toString('hex')],
    ['token_decoded', Buffer.from(token, 'hex'), Buffer.from(token, 'base64')],
    ['website_token', websiteToken],
  ]);
  const others = Object.entries(otherTokens).map(([name, value]) => ({
    value: Buffer.from(value.trim()),
    mistake: { code: 'other_token' as const, name },
  }));
  return [...own, ...others.filter((other) => !own.some(({ value }) => value.equals(other.value)))];
}

/** The messages that people sign. */
export function messages({ identifier: given, email }: Ingredients): Variant<Buffer>[] {
  const identifier = String(given);
  const trimmed = identifier.trim();
  return distinct([
    [refusal(given), identifier],
    ['empty_identifier', ''],
    ['placeholder_identifier', 'undefined', 'null', 'NaN', '[object Object]'],
    ['placeholder_identifier', 'None', 'nil', '[object Promise]'],
    ['email_signed', email, email?.trim().toLowerCase()],
    ['identifier_trimmed', trimmed],
    ['identifier_whitespace', `${identifier}\n`, `${identifier}\r\n`, `${identifier} `, ` ${identifier}`],
    ['identifier_case', identifier.toLowerCase(), identifier.toUpperCase()],
    ['identifier_json', JSON.stringify(identifier), `'${identifier}'`],
    ['identifier_number_format', ...numberFormats(identifier)],
    ['identifier_prefix', /[_:|/-]([^_:|/-]+)$/.exec(identifier)?.[1]],
    ['identifier_normalization', ...['NFC', 'NFD', 'NFKC'].map((form) => identifier.normalize(form))],
    ['identifier_html_escaped', ...htmlEscapes(identifier)],
    ['identifier_url_encoded', ...urlEncodings(identifier)],
    ['identifier_encoding', Buffer.from(identifier, 'latin1'), Buffer.from(identifier, 'utf16le')],
    ['identifier_encoding', identifier.replace(/\P{ASCII}/gu, '?')],
  ]);
}

/** The digests that people take. */
export const digests: Variant<Digest>[] = table<Digest>([
  [null, hmac('sha256')],
  ['swapped', (key, message) => hmac('sha256')(message, key)],
  ['wrong_algorithm', ...['sha1', 'sha512', 'md5', 'sha384', 'sha224'].map(hmac)],
  ['unkeyed', ...['sha256', 'sha1', 'sha512', 'md5'].map(unkeyed)],
  ['concatenated', (key, message) => sha256(key, message), (key, message) => sha256(message, key)],
  ['concatenated', (key, message) => sha256(key, ':', message), (key, message) => sha256(message, ':', key)],
]);

/** How people write a digest. */
export const writings: Variant<(digest: Buffer) => string>[] = table<(digest: Buffer) => string>([
  [null, (digest) => digest.toString('hex')],
  ['upper_case', (digest) => digest.toString('hex').toUpperCase()],
  ['base64', (digest) => digest.toString('base64'), (digest) => digest.toString('base64url')],
  ['base64', (digest) => Buffer.from(digest.toString('hex')).toString('base64')],
  ['hex_padding', (digest) => Array.from(digest, (byte) => byte.toString(16)).join('')],
  ['raw_bytes', (digest) => digest.toString('latin1'), (digest) => digest.toString('utf8')],
  ['raw_bytes', (digest) => digest.join(',')],
]);

/** The digest inside of what was passed as the hash. */
export function readings(identifierHash: string): Variant<string>[] {
  const bare = identifierHash
    .trim()
    .replace(/^(["'])(.*)\1$/s, '$2')
    .replace(/^(?:0x|(?:hmac-)?sha-?256[=:]|[^=]{0,30}\(stdin\)= )/i, '')
    .replace(/ {1,2}\*?(?:-|stdin)$/, '')
    .trim();
  return bare === identifierHash
    ? [{ value: identifierHash }]
    : [{ value: identifierHash }, { value: bare, mistake: { code: 'hash_wrapped' } }];
}

/** What people pass as the hash that is no digest at all. */
export function literals(ingredients: Ingredients, identifierHash: string): Variant<string>[] {
  const { email, hmacToken, websiteToken, otherTokens = {} } = ingredients;
  const identifier = String(ingredients.identifier);
  const signs = (message: string) => hmac('sha256')(hmacToken.trim(), message).toString('hex') === identifier;
  const isHash = /^[0-9a-f]{64}$/.test(identifier);
  const swapped = isHash && (identifierHash === identifier || [identifierHash, email ?? ''].some(signs));
  return table([
    ['hash_missing', '', 'undefined', 'null', 'NaN', 'None', 'nil', '[object Object]', '[object Promise]'],
    ['token_as_hash', hmacToken.trim(), websiteToken, ...Object.values(otherTokens)],
    ['hash_as_identifier', swapped ? identifierHash : undefined],
    ['identifier_as_hash', identifier, email],
  ]);
}

function hmac(algorithm: string): (key: string | Buffer, message: string | Buffer) => Buffer {
  return (key, message) => createHmac(algorithm, key).update(message).digest();
}

function unkeyed(algorithm: string): Digest {
  return (_key, message) => createHash(algorithm).update(message).digest();
}

function sha256(...parts: (string | Buffer)[]): Buffer {
  return parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
}

/** Some identifiers are wrong even when hash and page agree on them. */
function refusal(identifier: Identifier): MistakeCode | null {
  try {
    toIdentifier(identifier);
    return null;
  } catch (error) {
    if (!(error instanceof ChatwootIdentityError)) throw error;
    if (error.code === 'identifier_blank') return 'empty_identifier';
    return error.code === 'identifier_placeholder' ? 'placeholder_identifier' : 'unusable_identifier';
  }
}
