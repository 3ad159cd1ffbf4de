import { createHash, createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { verifyIdentifierHash } from '@chatwoot-identity/core';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { candidates, explainMismatch } from './explain.js';
import { mistakes } from './mistakes.js';

const token = 'wyHVRZzzJhjPMKR2h7LpeJVy';
const websiteToken = 'Ab3dEf6hJkLmNpQrStUvWxYz';
const otherTokens = {
  'the staging inbox': 'GnMB1bobzjcUkCTGRBI2oOZS',
  'an API access token': 'kGoaXmI74JozGw93',
};
const email = 'Ada@Example.com';
const id = 'user-1';

/** Computes the correct hash of a message. */
const sign = (key: string | Buffer, message: string) =>
  createHmac('sha256', key).update(message).digest('hex');

const codes = (identifier: string | number | bigint, identifierHash: string, hmacToken = token) =>
  explainMismatch({ hmacToken, identifier, identifierHash, websiteToken, email, otherTokens }).causes.map(
    ({ code }) => code,
  );

test('reports that a correct hash matches (vector of chatwoot/chatwoot#4798)', () => {
  const identifierHash = '45e289a669fbb7b4f7c09b3c68734dd9c52d508aba109dc7543c8133e0ec98be';
  expect(explainMismatch({ hmacToken: token, identifier: 'test', identifierHash })).toEqual({
    matches: true,
    causes: [],
  });
});

test.each([42, 42n, '42', '007', ' spaced ', 'caf\u00e9', 'cafe\u0301', 'a&b', 'None', 'ADA'])(
  'reports that the correct hash of %s matches',
  (identifier) => {
    const identifierHash = sign(token, String(identifier));
    expect(explainMismatch({ hmacToken: token, identifier, identifierHash }).matches).toBe(true);
  },
);

/**
 * The columns: how the hash was made, the identifier on the page, the hash on the page, the expected causes.
 */
type Case = [made: string, identifier: string | number, hash: string, ...codes: string[]];

const user: { id?: string; name: string } = { name: 'Ada' };
const promise = Promise.resolve(id);
const bytes = createHmac('sha256', token).update(id).digest();
// The digest of this identifier contains a byte below 16, so that a missing leading zero changes the hash.
const paddedId = 'user-9';
const uuid = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const dashed = sign(token, id).replace(/..(?!$)/g, '$&-');
const zeroId = 'user-18';
// The text that Python 3 prints for hmac.new(token, b'user-57608', 'sha256').digest(). The text contains every
// kind of escape.
const pythonBytes = `${String.raw`b'H\xfcFj\xe2h\xac\x9c\xe8\x03G\'\xbbKn[\t\x8a\x9f\\\xd9\r\xb2K"\xf4\x8e\xacD\t\x93`}\`'`;
const signedHex = (byte: number) => (byte >>> 0).toString(16).padStart(2, '0');

describe('explainMismatch with a mistake in the message', () => {
  test.each<Case>([
    ['user?.email || ""', id, sign(token, user.id || ''), 'empty_identifier'],
    ['an empty identifier in the hash and on the page', '', sign(token, ''), 'empty_identifier'],
    ['a blank identifier in the hash and on the page', ' \u00a0', sign(token, ' \u00a0'), 'empty_identifier'],
    ['String(user.id) of a user without an id', id, sign(token, String(user.id)), 'placeholder_identifier'],
    [
      '"undefined" in the hash and on the page',
      'undefined',
      sign(token, `${user.id}`),
      'placeholder_identifier',
    ],
    ['String(null)', id, sign(token, String(null)), 'placeholder_identifier'],
    ['Number(uuid)', id, sign(token, `${Number(id)}`), 'placeholder_identifier'],
    ['the whole user object', id, sign(token, `${user}`), 'placeholder_identifier'],
    ['a promise without await', id, sign(token, `${promise}`), 'placeholder_identifier'],
    ['str(None) of Python', id, sign(token, 'None'), 'placeholder_identifier'],
    ['300 characters', 'x'.repeat(300), sign(token, 'x'.repeat(300)), 'unusable_identifier'],
    ['a number that servers format differently', 1e21, sign(token, String(1e21)), 'unusable_identifier'],
    ['a fraction', 1.5, sign(token, '1.5'), 'unusable_identifier'],
    ['half a surrogate pair', 'a\ud83d', sign(token, 'a\ud83d'), 'unusable_identifier'],
    ['the email address', id, sign(token, email), 'email_signed'],
    [
      'an email address as the id, signed in lower case',
      email,
      sign(token, email.toLowerCase()),
      'identifier_case',
    ],
    ['the email address in lower case', id, sign(token, email.toLowerCase()), 'email_signed'],
    ['req.body.id.trim()', ' user-1 ', sign(token, ' user-1 '.trim()), 'identifier_trimmed'],
    ['echo $ID | openssl dgst', id, sign(token, `${id}\n`), 'identifier_whitespace'],
    ['echo -n in a sh that does not support -n', id, sign(token, `-n ${id}\n`), 'identifier_whitespace'],
    ['an identifier with a newline on the page only', `${id}\n`, sign(token, id), 'identifier_trimmed'],
    ['toLowerCase()', 'Ada', sign(token, 'Ada'.toLowerCase()), 'identifier_case'],
    ['toUpperCase()', 'ada', sign(token, 'ada'.toUpperCase()), 'identifier_case'],
    ['JSON.stringify(id)', id, sign(token, JSON.stringify(id)), 'identifier_json'],
    ['json.dumps(id) of Python', 'caf\u00e9', sign(token, '"caf\\u00e9"'), 'identifier_json'],
    ['str(float) of Python', '42', sign(token, '42.0'), 'identifier_number_format'],
    ['padStart', '42', sign(token, '42'.padStart(8, '0')), 'identifier_number_format'],
    ['Number("007")', '007', sign(token, `${Number('007')}`), 'identifier_number_format'],
    ['toLocaleString', '1234567', sign(token, (1234567).toLocaleString('en-US')), 'identifier_number_format'],
    ['String(1e21)', '1000000000000000000000', sign(token, `${1e21}`), 'identifier_number_format'],
    ['1e21.to_s of Ruby', 1e21, sign(token, '1.0e+21'), 'identifier_number_format'],
    [
      'Number(id) of a large id',
      '9007199254740993',
      sign(token, String(Number('9007199254740993'))),
      'identifier_number_format',
    ],
    ['the id without the prefix', 'auth0|abc', sign(token, 'auth0|abc'.split('|')[1]!), 'identifier_prefix'],
    ['the last two of three parts of an id', 'org_1:user_2', sign(token, 'user_2'), 'identifier_prefix'],
    ['a prefix that the page does not pass', '42', sign(token, 'user_42'), 'identifier_prefix'],
    [
      'BIN_TO_UUID with dashes on the page only',
      uuid,
      sign(token, uuid.replaceAll('-', '')),
      'identifier_uuid_format',
    ],
    ['uuid.hex on the page only', uuid.replaceAll('-', ''), sign(token, uuid), 'identifier_uuid_format'],
    ['Guid.ToString("B") of .NET', uuid, sign(token, `{${uuid}}`), 'identifier_uuid_format'],
    ['uuid.toUpperCase()', uuid, sign(token, uuid.toUpperCase()), 'identifier_case'],
    ['normalize("NFD")', 'caf\u00e9', sign(token, 'caf\u00e9'.normalize('NFD')), 'identifier_normalization'],
    ['normalize()', 'cafe\u0301', sign(token, 'cafe\u0301'.normalize()), 'identifier_normalization'],
    [
      'update(id, "latin1")',
      'caf\u00e9',
      createHmac('sha256', token).update('caf\u00e9', 'latin1').digest('hex'),
      'identifier_encoding',
    ],
    [
      'Encoding.Unicode.GetBytes(id) of .NET',
      id,
      createHmac('sha256', token).update(Buffer.from(id, 'utf16le')).digest('hex'),
      'identifier_encoding',
    ],
    [
      'getBytes("UTF-16") of Java',
      id,
      createHmac('sha256', token)
        .update(Buffer.from(`\uFEFF${id}`, 'utf16le').swap16())
        .digest('hex'),
      'identifier_encoding',
    ],
    ['utf8_encode of UTF-8', 'caf\u00e9', sign(token, 'caf\u00c3\u00a9'), 'identifier_encoding'],
    ['Encoding.ASCII.GetBytes(id) of .NET', 'caf\u00e9', sign(token, 'caf?'), 'identifier_encoding'],
    [
      'htmlspecialchars before',
      "O'Brien & Co",
      sign(token, 'O&#039;Brien &amp; Co'),
      'identifier_html_escaped',
    ],
    ['esc_js after', 'a&amp;b', sign(token, 'a&b'), 'identifier_html_escaped'],
    ['encodeURIComponent(id)', 'a b@c', sign(token, encodeURIComponent('a b@c')), 'identifier_url_encoded'],
    ['urlencode of PHP', 'a b@c', sign(token, 'a+b%40c'), 'identifier_url_encoded'],
    ['an encoded id on the page', 'a%20b%40c', sign(token, 'a b@c'), 'identifier_url_encoded'],
  ])('recognises %s', (_made, identifier, hash, ...expected) => {
    expect(codes(identifier, hash)).toEqual(expected);
  });
});

describe('explainMismatch with a mistake in the key', () => {
  const env: Record<string, string> = {};
  test.each<Case>([
    ['process.env.TOKEN || ""', id, sign(env.TOKEN || '', id), 'token_empty'],
    ['String(process.env.TOKEN)', id, sign(`${env.TOKEN}`, id), 'token_missing'],
    ['readFileSync of a secret file with a newline', id, sign(`${token}\n`, id), 'token_whitespace'],
    ['a secret file with a Windows newline', id, sign(`${token}\r\n`, id), 'token_whitespace'],
    ['a token file with a byte order mark', id, sign(`\uFEFF${token}`, id), 'token_whitespace'],
    ['a token file saved with Notepad', id, sign(`\uFEFF${token}\r\n`, id), 'token_whitespace'],
    ['a quoted token from docker --env-file', id, sign(`"${token}"`, id), 'token_quoted'],
    ['a token that cut -d= -f2 reads from a quoted line', id, sign(`"${token}"\n`, id), 'token_quoted'],
    ['the environment file read as the token', id, sign(`CHATWOOT_HMAC_TOKEN=${token}\n`, id), 'token_line'],
    ['a token in lower case', id, sign(token.toLowerCase(), id), 'token_case'],
    ['the base64 of kubectl get secret', id, sign(btoa(token), id), 'token_encoded'],
    ['the base64 of echo $TOKEN | base64', id, sign(btoa(`${token}\n`), id), 'token_encoded'],
    [
      'Encoding.Unicode.GetBytes(token) of .NET',
      id,
      sign(Buffer.from(token, 'utf16le'), id),
      'token_encoded',
    ],
    ['Buffer.from(token, "base64")', id, sign(Buffer.from(token, 'base64'), id), 'token_decoded'],
    ['the website token', id, sign(websiteToken, id), 'website_token'],
    ['the HMAC token of another inbox', id, sign(otherTokens['the staging inbox'], id), 'other_token'],
    ['CHATWOOT_ACCESS_TOKEN', id, sign(otherTokens['an API access token'], id), 'other_token'],
  ])('recognises %s', (_made, identifier, hash, ...expected) => {
    expect(codes(identifier, hash)).toEqual(expected);
  });

  it('recognises a hex-decoded token', () => {
    const hexToken = 'deadbeef'.repeat(3);
    expect(codes(id, sign(Buffer.from(hexToken, 'hex'), id), hexToken)).toEqual(['token_decoded']);
  });

  it('recognises a newline in the token that the caller passes', () => {
    expect(codes(id, sign(`${token}\n`, id), `${token}\n`)).toEqual(['token_whitespace']);
    expect(codes(id, sign(token, id), `${token}\n`)).toEqual([]);
  });

  it('recognises quotes in the token that the caller passes', () => {
    expect(codes(id, sign(`"${token}"`, id), `"${token}"`)).toEqual(['token_quoted']);
    expect(codes(id, sign(token, id), `'${token}'`)).toEqual([]);
  });

  it('names the other token that made the hash', () => {
    const identifierHash = sign(otherTokens['the staging inbox'], id);
    const { causes } = explainMismatch({ hmacToken: token, identifier: id, identifierHash, otherTokens });
    expect(causes[0]?.message).toContain('the staging inbox');
  });
});

describe('explainMismatch with a mistake in the digest', () => {
  test.each<Case>([
    ['key and message swapped', id, createHmac('sha256', id).update(token).digest('hex'), 'swapped'],
    ['HMAC-SHA1', id, createHmac('sha1', token).update(id).digest('hex'), 'wrong_algorithm'],
    ['HMAC-SHA512', id, createHmac('sha512', token).update(id).digest('hex'), 'wrong_algorithm'],
    ['HMAC-MD5', id, createHmac('md5', token).update(id).digest('hex'), 'wrong_algorithm'],
    ['SHA-256 of the id', id, createHash('sha256').update(id).digest('hex'), 'unkeyed'],
    ['MD5 of the id', id, createHash('md5').update(id).digest('hex'), 'unkeyed'],
    [
      'sha256(token + id)',
      id,
      createHash('sha256')
        .update(token + id)
        .digest('hex'),
      'concatenated',
    ],
    [
      'sha256(id + ":" + token)',
      id,
      createHash('sha256').update(`${id}:${token}`).digest('hex'),
      'concatenated',
    ],
  ])('recognises %s', (_made, identifier, hash, ...expected) => {
    expect(codes(identifier, hash)).toEqual(expected);
  });
});

describe('explainMismatch with a mistake in the encoding of the hash', () => {
  test.each<Case>([
    ['toUpperCase()', id, sign(token, id).toUpperCase(), 'upper_case'],
    ['digest("base64")', id, bytes.toString('base64'), 'base64'],
    ['digest("base64url")', id, bytes.toString('base64url'), 'base64'],
    ['btoa(hex)', id, btoa(sign(token, id)), 'base64'],
    [
      'toString(16) without padStart',
      paddedId,
      Array.from(createHmac('sha256', token).update(paddedId).digest(), (b) => b.toString(16)).join(''),
      'hex_padding',
    ],
    ['base64 without padding', id, bytes.toString('base64').replace('=', ''), 'base64'],
    ['urlsafe_b64encode of Python', id, `${bytes.toString('base64url')}=`, 'base64'],
    [
      'base64 of hex with line breaks',
      id,
      btoa(sign(token, id)).replace(/.{60}/g, '$&\n'),
      'base64',
      'hash_wrapped',
    ],
    ['BitConverter.ToString(digest) of .NET', id, dashed.toUpperCase(), 'hex_separated'],
    [
      'openssl dgst -c',
      id,
      `SHA2-256(stdin)= ${dashed.replaceAll('-', ':')}`,
      'hex_separated',
      'hash_wrapped',
    ],
    [
      'new BigInteger(1, digest).toString(16) of Java',
      zeroId,
      sign(token, zeroId).replace(/^0+/, ''),
      'hex_padding',
    ],
    [
      'String.format("%02x", (int) b) of Java',
      id,
      Array.from(new Int8Array(bytes), signedHex).join(''),
      'hex_padding',
    ],
    ['digest("binary")', id, bytes.toString('binary'), 'raw_bytes'],
    ['str(digest) of Python', 'user-57608', pythonBytes, 'raw_bytes'],
    ['Arrays.toString(digest) of Java', id, `[${new Int8Array(bytes).join(', ')}]`, 'raw_bytes'],
    ['fmt.Sprint(digest) of Go', id, `[${bytes.join(' ')}]`, 'raw_bytes'],
    ['JSON.stringify(digest())', id, JSON.stringify(bytes), 'raw_bytes'],
    ['JSON.stringify(new Uint8Array(digest))', id, JSON.stringify(new Uint8Array(bytes)), 'raw_bytes'],
    ['a Buffer copied from the console', id, inspect(bytes), 'raw_bytes'],
    ['digest().toString()', id, bytes.toString(), 'raw_bytes'],
    ['String(new Uint8Array(digest))', id, String(new Uint8Array(bytes)), 'raw_bytes'],
    ['a hash truncated by a database column of 32 characters', id, sign(token, id).slice(0, 32), 'truncated'],
    ['a hash with the newline of a shell', id, `${sign(token, id)}\n`, 'hash_wrapped'],
    ['JSON.stringify(hash)', id, JSON.stringify(sign(token, id)), 'hash_wrapped'],
    ['a hash with the prefix of a webhook signature', id, `sha256=${sign(token, id)}`, 'hash_wrapped'],
    ['openssl dgst', id, `HMAC-SHA2-256(stdin)= ${sign(token, id)}\n`, 'hash_wrapped'],
    ['str(hexdigest.encode()) of Python', id, `b'${sign(token, id)}'`, 'hash_wrapped'],
    ['openssl dgst of a file', id, `HMAC-SHA2-256(/tmp/id)= ${sign(token, id)}`, 'hash_wrapped'],
    ['a hash copied with its property name', id, `"identifier_hash": "${sign(token, id)}",`, 'hash_wrapped'],
    ['a hash copied without its first digit', id, sign(token, id).slice(1), 'truncated'],
    ['openssl dgst -r', id, `${sign(token, id)} *stdin\n`, 'hash_wrapped'],
  ])('recognises %s', (_made, identifier, hash, ...expected) => {
    expect(codes(identifier, hash)).toEqual(expected);
  });
});

describe('explainMismatch with wrong arguments of setUser', () => {
  const hash = sign(token, id);
  test.each<Case>([
    ['an empty hash', id, '', 'hash_missing'],
    ['String(undefined)', id, `${undefined}`, 'hash_missing'],
    [
      'an Hmac object without a call to digest()',
      id,
      `${createHmac('sha256', token).update(id)}`,
      'hash_missing',
    ],
    ['a promise without await', id, `${promise}`, 'hash_missing'],
    ['an ArrayBuffer', id, `${new ArrayBuffer(32)}`, 'hash_missing'],
    ['digest.ToString() of .NET', id, 'System.Byte[]', 'hash_missing'],
    ['digest.toString() of Java', id, '[B@6d06d69c', 'hash_missing'],
    [
      'hexdigest without () in Python',
      id,
      '<bound method HMAC.hexdigest of <hmac.HMAC object at 0x7f>>',
      'hash_missing',
    ],
    ['false of PHP', id, 'false', 'hash_missing'],
    ['the id as the hash', id, id, 'identifier_as_hash'],
    ['the email address as the hash', id, email, 'identifier_as_hash'],
    ["setUser(hash, { identifier_hash: 'user-1' })", hash, id, 'hash_as_identifier'],
    ['setUser(hash, { identifier_hash: hash })', hash, hash, 'hash_as_identifier'],
    ['the HMAC token as the hash', id, token, 'token_as_hash'],
    ['the website token as the hash', id, websiteToken, 'token_as_hash'],
  ])('recognises %s', (_made, identifier, given, ...expected) => {
    expect(codes(identifier, given)).toEqual(expected);
  });

  it('accepts an identifier that is not a string', () => {
    for (const given of [undefined, null, 42, {}, Symbol('x'), Object.create(null), new Uint8Array(32)])
      expect(codes(id, given as string)).toEqual(['hash_missing']);
  });
});

describe('explainMismatch with several mistakes', () => {
  const newline = `${token}\n`;
  test.each<Case>([
    [
      'a newline and another format of a number',
      '42',
      sign(newline, '42.0'),
      'token_whitespace',
      'identifier_number_format',
    ],
    [
      'the token of another inbox and a hash in upper case',
      id,
      sign(otherTokens['the staging inbox'], id).toUpperCase(),
      'other_token',
      'upper_case',
    ],
    [
      'the token of another inbox and a trimmed identifier',
      ' user-1',
      sign(otherTokens['the staging inbox'], 'user-1'),
      'other_token',
      'identifier_trimmed',
    ],
    [
      'key and message swapped, and the email address signed',
      id,
      createHmac('sha256', email).update(token).digest('hex'),
      'email_signed',
      'swapped',
    ],
    [
      'echo $ID | sha256sum, with the security warning first',
      id,
      `${createHash('sha256').update(`${id}\n`).digest('hex')}  -\n`,
      'unkeyed',
      'identifier_whitespace',
      'hash_wrapped',
    ],
    ['an empty key and an empty id', id, sign('', ''), 'token_empty', 'empty_identifier'],
    [
      'MD5 in upper case',
      id,
      createHash('md5').update(id).digest('hex').toUpperCase(),
      'unkeyed',
      'upper_case',
    ],
    [
      'a truncated base64 hash of the email address with a newline, in quotes',
      id,
      `"${createHmac('sha256', newline).update(email).digest('base64').slice(0, 32)}"`,
      'token_whitespace',
      'email_signed',
      'base64',
      'hash_wrapped',
      'truncated',
    ],
  ])('recognises %s', (_made, identifier, hash, ...expected) => {
    expect(codes(identifier, hash)).toEqual(expected);
  });

  it('returns the smallest set of mistakes', () => {
    // Two sets of mistakes explain this hash: "ADA" in lower case, and " ADA" trimmed and in lower case.
    expect(codes('ADA', sign(token, 'ada'))).toEqual(['identifier_case']);
  });
});

const hex64 = fc.stringMatching(/^[0-9a-f]{64}$/);

test('finds no cause for an unrelated hash', () => {
  fc.assert(
    fc.property(hex64, fc.string({ unit: 'grapheme' }), (identifierHash, identifier) => {
      expect(
        explainMismatch({ hmacToken: token, identifier, identifierHash, websiteToken, email, otherTokens }),
      ).toEqual({ matches: false, causes: [] });
    }),
    { numRuns: 20 }, // test/fuzz/explain.fuzz.ts runs this property more often
  );
});

test.each([
  ['has one changed digit', sign(token, id).replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))],
  ['is correct for another id', sign(token, 'user-2')],
])('finds no cause for a hash that %s', (_case, identifierHash) => {
  expect(codes(id, identifierHash)).toEqual([]);
});

test.each([
  ['is truncated to 15 digits', sign(token, id).slice(0, 15)],
  ['is masked', sign(token, id).replace(/(?<=^.{6}).+(?=.{4}$)/, '...')],
  ['has one digit too many', `${sign(token, id)}0`],
  ['has another length', 'f'.repeat(40)],
  ['is a password', 'correct horse battery staple'],
])('reports only hash_malformed for a hash that %s', (_case, identifierHash) => {
  expect(codes(id, identifierHash)).toEqual(['hash_malformed']);
});

test('tries at most 1000 candidates for an identifier of a megabyte', () => {
  const identifier = '&_'.repeat(500_000);
  expect(codes(identifier, sign(token, identifier))).toEqual(['unusable_identifier']);
  expect(candidates({ hmacToken: token, identifier }).length).toBeLessThan(1000);
});

test('reports a match if and only if verifyIdentifierHash returns true', () => {
  const identifiers = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom('', ' ', '\uFEFF', 'null', '[object Promise]', 'nil', 'x'.repeat(256)),
    fc.double(),
    fc.bigInt(),
  );
  fc.assert(
    fc.property(identifiers, (identifier) => {
      const identifierHash = sign(token, String(identifier));
      expect(explainMismatch({ hmacToken: token, identifier, identifierHash }).matches).toBe(
        verifyIdentifierHash(token, identifier, identifierHash),
      );
    }),
  );
});

test('never throws for arbitrary strings', () => {
  const text = fc.string({ unit: 'binary', maxLength: 300 });
  const hostile = fc.oneof(
    text,
    fc.constantFrom('%', '%E0%A4%A', '&#x;', '1e999', '-0', '"', '(stdin)= '.repeat(99)),
  );
  fc.assert(
    fc.property(hostile, hostile, hostile, (identifier, identifierHash, mail) => {
      explainMismatch({ hmacToken: token, identifier, identifierHash, email: mail });
    }),
    { numRuns: 20 }, // test/fuzz/explain.fuzz.ts runs this property more often
  );
});

test('never returns a token, hash, identifier or email address in its messages', () => {
  const secretId = 'unmistakable-identifier';
  const hashes = candidates({ hmacToken: token, identifier: secretId, websiteToken, email, otherTokens })
    .filter(({ cost }) => cost < 2)
    .map(({ key, message, digest }) => digest.value(key.value, message.value).toString('hex'));
  for (const identifierHash of [...hashes, token, websiteToken, secretId, email]) {
    const said = JSON.stringify(
      explainMismatch({
        hmacToken: token,
        identifier: secretId,
        identifierHash,
        websiteToken,
        email,
        otherTokens,
      }),
    );
    const secrets = [token, websiteToken, secretId, email, identifierHash, ...Object.values(otherTokens)];
    expect(secrets.filter((secret) => said.includes(secret))).toEqual([]);
  }
});

test('tries at most as many candidates as the docstring states', () => {
  const count = (identifier: string, others = {}) =>
    candidates({ hmacToken: ` ${token}`, identifier, websiteToken, email: ' Ada@x.org', otherTokens: others })
      .length;
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.double().map(String), fc.uuid()), (identifier) => {
      const alone = count(identifier);
      expect(alone).toBeLessThanOrEqual(5000);
      expect(count(identifier, otherTokens) - alone).toBeLessThanOrEqual(2 * 150);
    }),
  );
});

test.each(['', ' \n', undefined])('throws a TypeError for the token %j', (hmacToken) => {
  expect(() =>
    explainMismatch({ hmacToken: hmacToken as string, identifier: id, identifierHash: '' }),
  ).toThrow(TypeError);
});

test('has messages and fixes that are complete sentences', () => {
  for (const { message, fix } of Object.values(mistakes)) {
    expect(message).toMatch(/^[A-Z].*\.$/);
    expect(fix).toMatch(/^([A-Z]|identifier_hash).*\.$/);
  }
});
