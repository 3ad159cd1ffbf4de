import { createHmac, createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prepareKey, sign } from './hmac.js';

interface Case {
  name: string;
  key: Buffer;
  data: Buffer;
  hmac: string;
}

/** The test cases of RFC 4231, section 4. For case 5, the RFC specifies only the first 128 bits. */
const RFC_4231: Case[] = [
  {
    name: '1: a short key and short data',
    key: Buffer.alloc(20, 0x0b),
    data: Buffer.from('Hi There'),
    hmac: 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  },
  {
    name: '2: a key shorter than the output',
    key: Buffer.from('Jefe'),
    data: Buffer.from('what do ya want for nothing?'),
    hmac: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  },
  {
    name: '3: key and data together longer than a block',
    key: Buffer.alloc(20, 0xaa),
    data: Buffer.alloc(50, 0xdd),
    hmac: '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
  },
  {
    name: '4: another key and data together longer than a block',
    key: Buffer.from(Array.from({ length: 25 }, (_, index) => index + 1)),
    data: Buffer.alloc(50, 0xcd),
    hmac: '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
  },
  {
    name: '5: the first 128 bits of the HMAC',
    key: Buffer.alloc(20, 0x0c),
    data: Buffer.from('Test With Truncation'),
    hmac: 'a3b6167473100ee06e0c796c2955552b',
  },
  {
    name: '6: a key longer than a block',
    key: Buffer.alloc(131, 0xaa),
    data: Buffer.from('Test Using Larger Than Block-Size Key - Hash Key First'),
    hmac: '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  },
  {
    name: '7: key and data longer than a block',
    key: Buffer.alloc(131, 0xaa),
    data: Buffer.from(
      'This is a test using a larger than block-size key and a larger than block-size data. ' +
        'The key needs to be hashed before being used by the HMAC algorithm.',
    ),
    hmac: '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
  },
];

const isText = (bytes: Buffer) => bytes.every((byte) => byte < 0x80);

describe('RFC 4231', () => {
  it.each(RFC_4231)('sign returns the HMAC of case $name', ({ key, data, hmac }) => {
    expect(sign(key, data)).toMatch(/^[0-9a-f]{64}$/);
    expect(sign(key, data).slice(0, hmac.length)).toBe(hmac);
  });

  const texts = RFC_4231.filter(({ key, data }) => isText(key) && isText(data));

  it.each(texts)('prepareKey returns the HMAC of case $name', ({ key, data, hmac }) => {
    expect(prepareKey(key.toString())(data.toString()).slice(0, hmac.length)).toBe(hmac);
  });
});

describe.each([
  ['prepareKey', (token: string, identifier: string) => prepareKey(token)(identifier)],
  ['sign', sign],
])('%s', (_name, sign) => {
  it('uses the token as UTF-8 text, without decoding hex or base64', () => {
    for (const token of ['deadbeef', 'AAAA', '\u043a\u043b\u044e\u0447']) {
      const key = createSecretKey(Buffer.from(token, 'utf8'));
      expect(sign(token, 'user')).toBe(createHmac('sha256', key).update('user').digest('hex'));
    }
  });
});

describe('prepareKey', () => {
  it.each([0, 1, 24, 63, 64, 65, 128, 129])(
    'agrees with sign for a key of %i ASCII characters, and for that key with a non-ASCII character appended',
    (length) => {
      for (const token of ['k'.repeat(length), `${'k'.repeat(length)}\u00fc`]) {
        expect(prepareKey(token)('user')).toBe(sign(token, 'user'));
      }
    },
  );

  it('agrees with createHmac for any key and identifier', () => {
    const text = () => fc.string({ unit: 'binary', maxLength: 100 });
    const key = fc.oneof(
      fc.string({ unit: 'binary-ascii', maxLength: 70 }),
      fc.string({ maxLength: 70 }),
      text(),
    );
    const lone = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(key, fc.oneof(text(), lone), (key, identifier) => {
        expect(prepareKey(key)(identifier)).toBe(sign(key, identifier));
      }),
      { numRuns: 500 },
    );
  });

  it('returns the same hash for an identifier after it has signed another identifier', () => {
    const prepared = prepareKey('wyHVRZzzJhjPMKR2h7LpeJVy');
    const first = prepared('user-1');
    prepared('user-2'.repeat(100));
    expect(prepared('user-1')).toBe(first);
  });
});
