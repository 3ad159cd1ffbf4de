import { createHmac } from 'node:crypto';
import { ChatwootIdentityError, type Identifier } from '@chatwoot-identity/core';
import { bareToken, toIdentifier } from '@chatwoot-identity/core/internal';
import { hashesOf } from './digests.js';
import type { MistakeCode } from './mistakes.js';
import {
  debugForms,
  htmlEscapes,
  lastParts,
  letterCases,
  numberFormats,
  pythonBytes,
  urlEncodings,
  uuidFormats,
  withPrefixes,
} from './variants.js';

/** One way to do one step, with the mistake in it. The right way has none. */
export interface Variant<T> {
  readonly value: T;
  readonly mistake?: { readonly code: MistakeCode; readonly name?: string };
  /** True for a mistake that is tried alone only, not together with another one. */
  readonly rare?: boolean;
}

/** The values from which a hash may have been made. `hmacToken` and `identifier` are the right ones. */
export interface Ingredients {
  readonly hmacToken: string;
  readonly identifier: Identifier;
  readonly websiteToken?: string | undefined;
  readonly email?: string | undefined;
  readonly otherTokens?: Readonly<Record<string, string>> | undefined;
}

/** A mistake, or none for the right way, and the ways to make it. */
type Row<T> = readonly [MistakeCode | null, ...(T | undefined)[]];

function table<T>(rows: readonly Row<T>[]): Variant<T>[] {
  return rows.flatMap(([code, ...values]) =>
    values
      .filter((value) => value !== undefined)
      .map((value) => ({ value, ...(code && { mistake: { code } }) })),
  );
}

/** If several rows have the same value, the first one counts: a variant that changes nothing is not a mistake. */
function distinct(
  rows: readonly Row<string | Buffer>[],
  rareRows: readonly Row<string | Buffer>[] = [],
): Variant<Buffer>[] {
  const rare = table(rareRows).map((variant) => ({ ...variant, rare: true }));
  const owned = new Map<string, Variant<Buffer>>();
  for (const { value, ...mistake } of [...table(rows), ...rare]) {
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    const id = bytes.toString('latin1');
    if (!owned.has(id)) owned.set(id, { value: bytes, ...mistake });
  }
  return [...owned.values()];
}

/** The keys that programs use. */
export function keys({ hmacToken, websiteToken, otherTokens = {} }: Ingredients): Variant<Buffer>[] {
  const token = bareToken(hmacToken);
  const lineEnds = ['\n', '\r\n', '\n\n', ' ', '\t'];
  const quoted = [`"${token}"`, `'${token}'`];
  const own = distinct(
    [
      [null, token],
      ['token_empty', ''],
      ['token_missing', 'undefined', 'null', 'None', 'nil'],
      ['token_quoted', ...quoted, ...quoted.flatMap((text) => [`${text}\n`, `${text}\r\n`])],
      ['token_whitespace', hmacToken, ` ${token}`, ...lineEnds.map((end) => token + end)],
      ['token_whitespace', ...['', '\n', '\r\n'].map((end) => `\uFEFF${token}${end}`)],
      ['token_line', ...['', '\n', '\r\n'].map((end) => `CHATWOOT_HMAC_TOKEN=${token}${end}`)],
      ['token_case', token.toLowerCase(), token.toUpperCase()],
      ['token_encoded', ...[token, `${token}\n`].map((text) => Buffer.from(text).toString('base64'))],
      ['token_encoded', Buffer.from(token).toString('hex'), ...utf16(token)],
      ['token_decoded', Buffer.from(token, 'hex'), Buffer.from(token, 'base64'), packedHex(token)],
      ['website_token', websiteToken],
    ],
    [['token_repr', pythonBytes(token), `["${token}"]`, `:${token}`]],
  );
  const others = Object.entries(otherTokens).map(([name, value]) => ({
    value: Buffer.from(bareToken(value)),
    mistake: { code: 'other_token' as const, name },
  }));
  return [...own, ...others.filter((other) => !own.some(({ value }) => value.equals(other.value)))];
}

/** Chatwoot accepts 255 characters. The variants of a much longer identifier would only cost time. */
const LONGEST_IDENTIFIER = 1000;

/** The messages that programs sign. */
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
  const mailed = email?.trim() ?? '';
  const own = distinct(
    [
      ...whole,
      ['identifier_trimmed', identifier.trim()],
      ['identifier_case', identifier.toLowerCase(), identifier.toUpperCase()],
      ['email_signed', email],
      ['identifier_whitespace', ...['\n', '\r\n', ' '].map((end) => identifier + end), ` ${identifier}`],
      ['identifier_whitespace', `-n ${identifier}\n`], // echo -n of a sh that does not know -n
      ['identifier_json', json, json.replace(/[^\x20-\x7e]/g, asJsonEscape)],
      ['identifier_repeated', identifier + identifier],
      [
        'identifier_encoded',
        ...(['hex', 'base64'] as const).map((form) => Buffer.from(identifier).toString(form)),
      ],
      ['identifier_number_format', ...numberFormats(identifier)],
      ['identifier_uuid_format', ...uuidFormats(identifier)],
      ['identifier_prefix', ...lastParts(identifier), ...withPrefixes(identifier)],
      ['identifier_normalization', ...['NFC', 'NFD', 'NFKC'].map((form) => identifier.normalize(form))],
      ['identifier_html_escaped', ...htmlEscapes(identifier)],
      ['identifier_url_encoded', ...urlEncodings(identifier)],
      ['identifier_encoding', Buffer.from(identifier, 'latin1'), Buffer.from(identifier).toString('latin1')],
      ['identifier_encoding', ...utf16(identifier), identifier.replace(/\P{ASCII}/gu, '?')],
    ],
    [
      ['identifier_case', ...letterCases(identifier)],
      ['identifier_json', ...['identifier', 'id', 'user_id'].map((name) => `{"${name}":${json}}`)],
      ['identifier_repr', ...debugForms(identifier)],
      ['identifier_hashed', ...hashesOf(identifier)],
    ],
  );
  const emails = [
    ...letterCases(mailed).map((value) => ({ value, name: ' in another letter case' })),
    ...hashesOf(mailed.toLowerCase()).map((value) => ({ value, name: ', hashed' })),
  ].map(({ value, name }) => ({
    value: Buffer.from(value),
    mistake: { code: 'email_signed' as const, name },
    rare: value !== mailed.toLowerCase(),
  }));
  return mailed === ''
    ? own
    : [...own, ...emails.filter((other) => !own.some(({ value }) => value.equals(other.value)))];
}

/** The ways to write a digest that cannot be undone. `decodings.ts` undoes the others. */
export const writings: Variant<(digest: Buffer) => string>[] = table<(digest: Buffer) => string>([
  [null, (digest) => digest.toString('hex')],
  ['hex_padding', (digest) => Array.from(digest, (byte) => byte.toString(16)).join('')],
  ['hex_padding', (digest) => digest.toString('hex').replace(/^0+/, '')], // BigInteger of Java
  ['hex_padding', (digest) => Array.from(digest, javaHex).join('')],
  ['raw_bytes', (digest) => digest.toString('utf8')],
]);

/** Texts that programs pass as the hash and that are not a digest. */
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

/** The text of a missing value, an object, an array of bytes or a method that was not called, in several languages. */
const NO_VALUE =
  /^(?:|undefined|null|NaN|None|nil|false|true|\[object \w+\]|System\.Byte\[\]|\[B@[0-9a-f]+|#?<(?!Buffer ).+>)$/;

const asJsonEscape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Little-endian as in .NET and Python, and big-endian as in Java, with a byte order mark and without. */
function utf16(text: string): Buffer[] {
  return [text, `\uFEFF${text}`].flatMap((marked) => [
    Buffer.from(marked, 'utf16le'),
    Buffer.from(marked, 'utf16le').swap16(),
  ]);
}

/** `pack('H*')` of Ruby and Perl, which takes any letter for a digit. */
function packedHex(token: string): Buffer {
  const nibbles = Array.from(Buffer.from(token), (unit) =>
    /[a-z]/i.test(String.fromCharCode(unit)) ? (unit + 9) & 15 : unit & 15,
  );
  return Buffer.from(
    nibbles
      .filter((_nibble, index) => index % 2 === 0)
      .map((high, index) => (high << 4) | (nibbles[2 * index + 1] ?? 0)),
  );
}

/** `Integer.toHexString` of a signed byte. */
function javaHex(byte: number): string {
  return byte < 128 ? byte.toString(16) : `ffffff${byte.toString(16)}`;
}

/** True if a text contains the token in hex or base64, as after `Sum` of Go. */
function isReadableIn(text: string, token: string): boolean {
  const forms = [Buffer.from(text, 'hex'), Buffer.from(text, 'base64')];
  return forms.some((bytes) => bytes.includes(token));
}

/** The mistake in the identifier itself, which is there even if the hash and the page agree on it. */
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
