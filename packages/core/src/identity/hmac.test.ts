import { createHmac, createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prepareKey, sign } from './hmac.js';

/** RFC 4231, section 4: the cases whose key and data are text. Case 5 gives the first 128 bits only. */
const RFC_4231: [name: string, key: string, data: string, hmac: string][] = [
  [
    '1: short',
    '\x0b'.repeat(20),
    'Hi There',
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  ],
  [
    '2: a key shorter than the output',
    'Jefe',
    'what do ya want for nothing?',
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  ['5: truncated', '\x0c'.repeat(20), 'Test With Truncation', 'a3b6167473100ee06e0c796c2955552b'],
];

describe.each([
  ['prepareKey', (token: string, identifier: string) => prepareKey(token)(identifier)],
  ['sign', sign],
])('%s', (_name, sign) => {
  it.each(RFC_4231)('agrees with RFC 4231, case %s', (_name, key, data, hmac) => {
    expect(sign(key, data)).toHaveLength(64);
    expect(sign(key, data).slice(0, hmac.length)).toBe(hmac);
  });

  it("takes the token's own bytes: no hex, no base64, UTF-8 beyond ASCII", () => {
    for (const token of ['deadbeef', 'AAAA', '\u043a\u043b\u044e\u0447']) {
      const key = createSecretKey(Buffer.from(token, 'utf8'));
      expect(sign(token, 'user')).toBe(createHmac('sha256', key).update('user').digest('hex'));
    }
  });
});

describe('prepareKey', () => {
  it.each([0, 1, 24, 63, 64, 65, 128, 129])(
    'a key of %i characters, and one byte more than that',
    (length) => {
      for (const token of ['k'.repeat(length), `${'k'.repeat(length)}\u00fc`]) {
        expect(prepareKey(token)('user')).toBe(sign(token, 'user'));
      }
    },
  );

  it('agrees with createHmac whatever the key and the identifier', () => {
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

  it('keeps no trace of the identifier before', () => {
    const prepared = prepareKey('wyHVRZzzJhjPMKR2h7LpeJVy');
    const first = prepared('user-1');
    prepared('user-2'.repeat(100));
    expect(prepared('user-1')).toBe(first);
  });
});
