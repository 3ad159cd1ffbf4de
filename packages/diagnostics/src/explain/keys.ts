import { bareToken } from '@chatwoot-identity/core/internal';
import { distinct, type Ingredients, utf16, type Variant } from './candidates.js';
import { pythonBytes } from './variants.js';

/** Returns the keys that programs use. */
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

/** Decodes hex as `pack('H*')` of Ruby and Perl does, which accepts any letter as a digit. */
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
