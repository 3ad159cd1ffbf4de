import { createHash, createHmac } from 'node:crypto';
import { ChatwootIdentityError } from './error.js';
import { type Identifier, toIdentifier } from './identifier.js';
import type { MistakeCode } from './mistakes.js';

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

type Row<T> = readonly [MistakeCode | null, ...(T | undefined)[]];
type Digest = (key: Buffer, message: Buffer) => Buffer;

/** Rows become variants. The first row with a value owns it, so that a harmless variant never earns a mistake. */
function variants(rows: Row<string | Buffer>[]): Variant<Buffer>[] {
  const owned = new Map<string, Variant<Buffer>>();
  for (const [code, ...values] of rows) {
    for (const value of values) {
      if (value === undefined) continue;
      const bytes = typeof value === 'string' ? Buffer.from(value) : value;
      const id = bytes.toString('latin1');
      if (!owned.has(id)) owned.set(id, { value: bytes, ...(code && { mistake: { code } }) });
    }
  }
  return [...owned.values()];
}

/** The keys that people use. */
export function keys({ hmacToken, websiteToken, otherTokens = {} }: Ingredients): Variant<Buffer>[] {
  const token = hmacToken.trim();
  const own = variants([
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
  return variants([
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
export const digests: Variant<Digest>[] = [
  { value: hmac('sha256') },
  { value: (key, message) => hmac('sha256')(message, key), mistake: { code: 'swapped' } },
  ...['sha1', 'sha512', 'md5', 'sha384', 'sha224'].map(
    (algorithm): Variant<Digest> => ({ value: hmac(algorithm), mistake: { code: 'wrong_algorithm' } }),
  ),
  ...['sha256', 'sha1', 'sha512', 'md5'].map(
    (algorithm): Variant<Digest> => ({
      value: (_key, message) => createHash(algorithm).update(message).digest(),
      mistake: { code: 'unkeyed' },
    }),
  ),
  ...['', ':'].flatMap((glue): Variant<Digest>[] => [
    {
      value: (key, message) => createHash('sha256').update(key).update(glue).update(message).digest(),
      mistake: { code: 'concatenated' },
    },
    {
      value: (key, message) => createHash('sha256').update(message).update(glue).update(key).digest(),
      mistake: { code: 'concatenated' },
    },
  ]),
];

/** How people write a digest. */
export const writings: Variant<(digest: Buffer) => string>[] = [
  { value: (digest) => digest.toString('hex') },
  { value: (digest) => digest.toString('hex').toUpperCase(), mistake: { code: 'upper_case' } },
  ...(['base64', 'base64url'] as const).map((encoding) => ({
    value: (digest: Buffer) => digest.toString(encoding),
    mistake: { code: 'base64' as const },
  })),
  { value: (digest) => Buffer.from(digest.toString('hex')).toString('base64'), mistake: { code: 'base64' } },
  { value: (digest) => Array.from(digest, hexDigit).join(''), mistake: { code: 'hex_padding' } },
  ...(['latin1', 'utf8'] as const).map((encoding) => ({
    value: (digest: Buffer) => digest.toString(encoding),
    mistake: { code: 'raw_bytes' as const },
  })),
  { value: (digest) => digest.join(','), mistake: { code: 'raw_bytes' } },
];

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
  const rows: Row<string>[] = [
    ['hash_missing', '', 'undefined', 'null', 'NaN', 'None', 'nil', '[object Object]', '[object Promise]'],
    ['token_as_hash', hmacToken.trim(), websiteToken, ...Object.values(otherTokens)],
    ['hash_as_identifier', swapped ? identifierHash : undefined],
    ['identifier_as_hash', identifier, email],
  ];
  return rows.flatMap(([code, ...values]) =>
    values
      .filter((value) => value !== undefined)
      .map((value) => ({ value, ...(code && { mistake: { code } }) })),
  );
}

function hmac(algorithm: string) {
  return (key: string | Buffer, message: string | Buffer): Buffer =>
    createHmac(algorithm, key).update(message).digest();
}

const hexDigit = (byte: number): string => byte.toString(16);

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

/** The same number as other languages and formatters write it; Ruby writes 1e21 as 1.0e+21. */
function numberFormats(identifier: string): string[] {
  if (!/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(identifier)) return [];
  const number = Number(identifier);
  const plain = String(number);
  const exponent = number.toExponential();
  const formats = [plain, `${plain}.0`, number.toFixed(2), exponent, exponent.replace(/^(-?\d)e/, '$1.0e')];
  for (const locale of ['en', 'de', 'fr']) formats.push(number.toLocaleString(locale));
  if (Number.isInteger(number)) {
    formats.push(String(BigInt(number)));
    for (let width = 2; width <= 12; width++) formats.push(plain.padStart(width, '0'));
  }
  return [...formats, ...formats.map((format) => format.toUpperCase())];
}

/** Escaped as the template languages do it, and unescaped. */
function htmlEscapes(identifier: string): string[] {
  const quotes = [
    ['"', "'"],
    ['&quot;', "'"],
    ['&quot;', '&#39;'],
    ['&#34;', '&#39;'],
    ['&quot;', '&#039;'],
    ['&quot;', '&#x27;'],
    ['&quot;', '&apos;'],
  ] as const;
  const escaped = quotes.map(([double, single]) =>
    identifier
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', double)
      .replaceAll("'", single),
  );
  const raw = identifier
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replace(/&quot;|&#34;/g, '"')
    .replace(/&#0?39;|&#x27;|&apos;/gi, "'")
    .replaceAll('&amp;', '&');
  return [...escaped, raw];
}

/** Encoded as a path or a form does it, and decoded; URLSearchParams never throws, decodeURIComponent does. */
function urlEncodings(identifier: string): string[] {
  const decode = (text: string) => new URLSearchParams(`v=${text.replaceAll('&', '%26')}`).get('v') as string;
  return [
    encodeURIComponent(identifier.toWellFormed()),
    encodeURI(identifier.toWellFormed()),
    new URLSearchParams({ v: identifier }).toString().slice(2),
    decode(identifier),
    decode(identifier.replaceAll('+', '%2B')),
  ];
}
