import { readFileSync } from 'node:fs';
import { type Explanation, explainMismatch } from '@chatwoot-identity/diagnostics';
import { describe, expect, it, test } from 'vitest';
import { expressions } from './expressions.js';

// The script mistakes.js writes mistakes.json. mistakes.js evaluates each expression in its language.
const { given, mistakes } = JSON.parse(readFileSync(new URL('./mistakes.json', import.meta.url), 'utf8')) as {
  given: { token: string; id: string; email: string };
  mistakes: { language: string; expression: string; hash: string; causes: string[] }[];
};

const explain = (identifierHash: string): Explanation =>
  explainMismatch({ hmacToken: given.token, identifier: given.id, email: given.email, identifierHash });

describe('explainMismatch', () => {
  it.each(mistakes)('returns the expected causes for $language: $expression', ({ hash, causes }) => {
    expect(explain(hash)).toEqual({
      matches: causes.length === 0,
      causes: causes.map((code) => expect.objectContaining({ code })),
    });
  });
});

test('mistakes.json contains a hash for each expression', () => {
  const listed = Object.entries(expressions).flatMap(([language, rows]) =>
    rows.map(([expression, ...causes]) => ({ language, expression, causes })),
  );
  expect(mistakes.map(({ hash: _hash, ...mistake }) => mistake)).toEqual(listed);
});

test.each([
  ["createHmac('sha1', token)", 'HMAC-SHA-1'],
  ["createHmac('sha3-256', token)", 'HMAC-SHA3-256'],
  ["hmac.new(token.encode(), id.encode(), 'md5')", 'HMAC-MD5'],
  ["hash_hmac('ripemd160'", 'HMAC-RIPEMD-160'],
  ["createHash('sha512').update(id)", 'SHA-512'],
  ["createHash('sha1').update(id + token)", 'SHA-1'],
  ["update('Ada@Example.com')", 'in another letter case'],
  [
    'mac := hmac.New(sha256.New, []byte(token)); return hex.EncodeToString(mac.Sum(',
    'Security: .* empty string',
  ],
  ["Buffer.from(token, 'hex')", 'decoded as hex'],
])('explains %s with the message %s', (expression, said) => {
  const { hash } = mistakes.find((mistake) => mistake.expression.includes(expression))!;
  expect(explain(hash).causes[0]?.message).toMatch(new RegExp(said));
});
