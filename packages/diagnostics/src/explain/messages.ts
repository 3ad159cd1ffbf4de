import { ChatwootIdentityError, type Identifier } from '@chatwoot-identity/core';
import { toIdentifier } from '@chatwoot-identity/core/internal';
import { distinct, type Ingredients, type Row, utf16, type Variant } from './candidates.js';
import { hashesOf } from './digests.js';
import type { MistakeCode } from './mistakes.js';
import {
  debugForms,
  htmlEscapes,
  lastParts,
  letterCases,
  numberFormats,
  urlEncodings,
  uuidFormats,
  withPrefixes,
} from './variants.js';

/**
 * Chatwoot accepts at most 255 characters. Trying the variants of much longer identifiers would waste time.
 */
const LONGEST_IDENTIFIER = 1000;

/** Returns the messages that programs sign. */
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
      ['identifier_whitespace', `-n ${identifier}\n`], // echo -n in a shell that does not support -n
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

const asJsonEscape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Returns the mistake in the identifier itself, even if the hash and the page use the same identifier. */
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
