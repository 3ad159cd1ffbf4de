import { expect, test } from 'vitest';
import { assertSigned } from './identity.js';

const identity = { identifier: 'user-1', identifier_hash: 'a'.repeat(64), name: 'Ada' };

test('assertSigned accepts a signed identity', () => {
  expect(() => assertSigned(identity)).not.toThrow();
});

test.each([
  ['no hash, because Chatwoot would accept the user as unverified', { identifier_hash: undefined }],
  ['an empty hash', { identifier_hash: '' }],
  ['the HMAC token instead of the hash', { identifier_hash: 'wyHVRZzzJhjPMKR2h7LpeJVy' }],
  ['the identifier instead of the hash', { identifier_hash: 'user-1' }],
  ['an empty identifier', { identifier: '' }],
  ['a number as the identifier, because Chatwoot would never find the contact again', { identifier: 42 }],
  ['none of the fields that setUser requires', { name: '' }],
])('assertSigned throws for an identity with %s', (_, change) => {
  expect(() => assertSigned({ ...identity, ...change } as typeof identity)).toThrow(TypeError);
});
