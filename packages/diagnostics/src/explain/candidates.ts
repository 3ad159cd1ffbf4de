import { createHash, createHmac } from 'node:crypto';
import { ChatwootIdentityError, type Identifier } from '@chatwoot-identity/core';
import { bareToken, toIdentifier } from '@chatwoot-identity/core/internal';
import type { MistakeCode } from './mistakes.js';
import {
  htmlEscapes,
  lastParts,
  numberFormats,
  urlEncodings,
  uuidFormats,
  withPrefixes,
} from './variants.js';

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
  const token = bareToken(hmacToken);
  const lineEnds = ['\n', '\r\n', '\n\n', ' ', '\t'];
  const quoted = [`"${token}"`, `'${token}'`];
  const own = distinct([
    [null, token],
    ['token_missing', '', 'undefined', 'null', 'None', 'nil'],
    ['token_quoted', ...quoted, ...quoted.flatMap((text) => [`${text}\n`, `${text}\r\n`])],
    ['token_whitespace', hmacToken, ` ${token}`, ...lineEnds.map((end) => token + end)],
    ['token_whitespace', ...['', '\n', '\r\n'].map((end) => `\uFEFF${token}${end}`)],
    ['token_line', ...['', '\n', '\r\n'].map((end) => `CHATWOOT_HMAC_TOKEN=${token}${end}`)],
    ['token_case', token.toLowerCase(), token.toUpperCase()],
    ['token_encoded', ...[token, `${token}\n`].map((text) => Buffer.from(text).toString('base64'))],
    ['token_encoded', Buffer.from(token).toString('hex'), Buffer.from(token, 'utf16le')],
    ['token_decoded', Buffer.from(token, 'hex'), Buffer.from(token, 'base64')],
    ['website_token', websiteToken],
  ]);
  const others = Object.entries(otherTokens).map(([name, value]) => ({
    value: Buffer.from(bareToken(value)),
    mistake: { code: 'other_token' as const, name },
  }));
  return [...own, ...others.filter((other) => !own.some(({ value }) => value.equals(other.value)))];
}

/** Chatwoot takes 255 characters. What is much longer is a mistake by itself, and its variants would only cost time. */
const LONGEST_IDENTIFIER = 1000;

/** The messages that people sign. */
export function messages({ identifier: given, email }: Ingredients): Variant<Buffer>[] {
  const identifier = String(given);
  const json = JSON.stringify(identifier);
  const whole: Row<string | Buffer>[] = [
    [refusal(given), identifier],
    ['empty_identifier', ''],
    ['placeholder_identifier', 'undefined', 'null', 'NaN', '[object Object]'],
    ['placeholder_identifier', 'None', 'nil', '[object Promise]'],
  ];
  if (identifier.length > LONGEST_IDENTIFIER) return distinct(whole);
  return distinct([
    ...whole,
    ['identifier_trimmed', identifier.trim()],
    ['identifier_case', identifier.toLowerCase(), identifier.toUpperCase()],
    ['email_signed', email, email?.trim().toLowerCase()],
    ['identifier_whitespace', ...['\n', '\r\n', ' '].map((end) => identifier + end), ` ${identifier}`],
    ['identifier_whitespace', `-n ${identifier}\n`], // echo -n of a sh that does not know -n
    ['identifier_json', json, json.replace(/[^\x20-\x7e]/g, asJsonEscape), `'${identifier}'`],
    ['identifier_number_format', ...numberFormats(identifier)],
    ['identifier_uuid_format', ...uuidFormats(identifier)],
    ['identifier_prefix', ...lastParts(identifier), ...withPrefixes(identifier)],
    ['identifier_normalization', ...['NFC', 'NFD', 'NFKC'].map((form) => identifier.normalize(form))],
    ['identifier_html_escaped', ...htmlEscapes(identifier)],
    ['identifier_url_encoded', ...urlEncodings(identifier)],
    ['identifier_encoding', Buffer.from(identifier, 'latin1'), Buffer.from(identifier).toString('latin1')],
    ['identifier_encoding', ...utf16(identifier), identifier.replace(/\P{ASCII}/gu, '?')],
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

/** How a digest is written; what can be undone is undone in `decodings.ts`. */
export const writings: Variant<(digest: Buffer) => string>[] = table<(digest: Buffer) => string>([
  [null, (digest) => digest.toString('hex')],
  ['hex_padding', (digest) => Array.from(digest, (byte) => byte.toString(16)).join('')],
  ['hex_padding', (digest) => digest.toString('hex').replace(/^0+/, '')], // BigInteger of Java
  ['raw_bytes', (digest) => digest.toString('utf8')],
]);

/** What people pass as the hash that is no digest at all. */
export function literals(ingredients: Ingredients, identifierHash: string): Variant<string>[] {
  const { email, hmacToken, websiteToken, otherTokens = {} } = ingredients;
  const token = bareToken(hmacToken);
  const identifier = String(ingredients.identifier);
  const signs = (message: string) => hmac('sha256')(token, message).toString('hex') === identifier;
  const isHash = /^[0-9a-f]{64}$/.test(identifier);
  const swapped = isHash && (identifierHash === identifier || [identifierHash, email ?? ''].some(signs));
  return table([
    ['hash_missing', NO_VALUE.test(identifierHash) ? identifierHash : undefined],
    ['token_as_hash', token, websiteToken, ...Object.values(otherTokens)],
    ['hash_as_identifier', swapped ? identifierHash : undefined],
    ['identifier_as_hash', identifier, email],
  ]);
}

/** What languages print for a missing value, and for an object, an array of bytes or a method that was not called. */
const NO_VALUE =
  /^(?:|undefined|null|NaN|None|nil|false|true|\[object \w+\]|System\.Byte\[\]|\[B@[0-9a-f]+|#?<(?!Buffer ).+>)$/;

const asJsonEscape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Little-endian as .NET has it, and big-endian as Java has it; with the byte order mark and without. */
function utf16(text: string): Buffer[] {
  return [text, `\uFEFF${text}`].flatMap((marked) => [
    Buffer.from(marked, 'utf16le'),
    Buffer.from(marked, 'utf16le').swap16(),
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
