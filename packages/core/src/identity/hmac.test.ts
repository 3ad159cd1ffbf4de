import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { prepareKey, sign } from './hmac.js';

const ascii = (text: string) => Buffer.from(text, 'ascii');
const repeat = (byte: number, times: number) => Buffer.alloc(times, byte);

/** RFC 4231, section 4. Case 5 gives the first 128 bits only. */
const RFC_4231: [name: string, key: Buffer, data: Buffer, hmac: string][] = [
  [
    '1: short',
    repeat(0x0b, 20),
    ascii('Hi There'),
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  ],
  [
    '2: a key shorter than the output',
    ascii('Jefe'),
    ascii('what do ya want for nothing?'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  [
    '3: data that is not UTF-8',
    repeat(0xaa, 20),
    repeat(0xdd, 50),
    '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
  ],
  [
    '4: a key of 25 bytes',
    Buffer.from(Array.from({ length: 25 }, (_, index) => index + 1)),
    repeat(0xcd, 50),
    '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
  ],
  ['5: truncated', repeat(0x0c, 20), ascii('Test With Truncation'), 'a3b6167473100ee06e0c796c2955552b'],
  [
    '6: a key longer than a block',
    repeat(0xaa, 131),
    ascii('Test Using Larger Than Block-Size Key - Hash Key First'),
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  ],
  [
    '7: key and data longer than a block',
    repeat(0xaa, 131),
    ascii(
      'This is a test using a larger than block-size key and a larger than block-size data. ' +
        'The key needs to be hashed before being used by the HMAC algorithm.',
    ),
    '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
  ],
];

describe('sign', () => {
  it.each(RFC_4231)('agrees with RFC 4231, case %s', (_name, key, data, hmac) => {
    // Two of the messages are no text, so all go in as bytes; sign passes them on as they are.
    const signed = sign(createSecretKey(key), data as unknown as string);
    expect(signed).toHaveLength(64);
    expect(signed.slice(0, hmac.length)).toBe(hmac);
  });
});

describe('prepareKey', () => {
  it("takes the token's own bytes: no hex, no base64, UTF-8 beyond ASCII", () => {
    for (const token of ['deadbeef', 'AAAA', '\u043a\u043b\u044e\u0447']) {
      expect(prepareKey(token).export()).toEqual(Buffer.from(token, 'utf8'));
    }
  });
});
