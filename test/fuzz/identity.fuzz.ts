import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import {
  ChatwootIdentityError,
  type Contact,
  createChatwootIdentity,
  type Identifier,
  identifierHash,
  verifyIdentifierHash,
} from '@chatwoot-identity/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { INBOX } from '../support/inbox.js';
import { always, hostileText } from './always.js';

const hmac = (identifier: string) => createHmac('sha256', INBOX.hmacToken).update(identifier).digest('hex');

/**
 * Returns true if Ruby on Rails considers the identifier blank. The hash of such an identifier would give access to the
 * conversations of other users.
 */
const isSkeletonKey = (identifier: string) => /^\p{White_Space}*$/u.test(identifier);

const values = fc.oneof(
  { weight: 3, arbitrary: hostileText },
  {
    weight: 1,
    arbitrary: fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\u00a0', '\u2003', '\ufeff', '') }),
  },
  { weight: 1, arbitrary: fc.oneof(fc.double(), fc.maxSafeInteger(), fc.bigInt()) },
  { weight: 1, arbitrary: fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }) },
  { weight: 1, arbitrary: hostileText.map((text) => ({ toString: () => text, valueOf: () => text })) },
);

test('identifierHash() signs exactly the text that Chatwoot hashes, or throws', () => {
  always(
    30_000,
    fc.property(values, (value) => {
      let hash: string;
      try {
        hash = identifierHash(INBOX.hmacToken, value as Identifier);
      } catch (error) {
        expect(error).toBeInstanceOf(ChatwootIdentityError);
        expect(inspect(error)).not.toContain(INBOX.hmacToken);
        return;
      }
      expect(['string', 'number', 'bigint']).toContain(typeof value);
      const sent = String(value);
      expect(hash).toBe(hmac(JSON.parse(JSON.stringify(sent))));
      expect(isSkeletonKey(sent)).toBe(false);
      expect([...sent].length).toBeLessThanOrEqual(255);
      expect(verifyIdentifierHash(INBOX.hmacToken, value as Identifier, hash)).toBe(true);
    }),
  );
});

test('verifyIdentifierHash() accepts only the correct hash', () => {
  always(
    10_000,
    fc.property(hostileText, fc.oneof(hostileText, fc.anything()), (identifier, hash) => {
      const right = !isSkeletonKey(identifier) && hash === hmac(identifier);
      expect(verifyIdentifierHash(INBOX.hmacToken, identifier, hash)).toBe(right);
    }),
  );
});

const FIELDS = [
  ...['identifier', 'identifier_hash', 'name', 'email', 'avatar_url', 'phone_number', 'company_name'],
  ...['city', 'country_code', 'description', 'social_profiles', 'custom_attributes'],
];

const names = fc.constantFrom(
  ...['name', 'email', 'avatarUrl', 'phoneNumber', 'companyName', 'city', 'countryCode', 'description'],
  ...['socialProfiles', 'customAttributes', 'identifier'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'identifier_hash', 'identifierHash', 'hmacToken'],
);

const contacts = fc.oneof(
  fc.array(fc.tuple(names, fc.oneof(hostileText, fc.anything(), fc.constant(null)))).map((fields) => {
    // Defines __proto__ as an own property, as JSON.parse does.
    const contact: Record<string, unknown> = { identifier: 'user-1' };
    for (const [name, value] of fields)
      Object.defineProperty(contact, name, { value, enumerable: true, writable: true, configurable: true });
    return contact;
  }),
  fc
    .record({
      name: hostileText,
      email: hostileText,
      customAttributes: fc.dictionary(hostileText, fc.jsonValue()),
    })
    .map((fields) => ({ identifier: 'user-1', ...fields })),
);

test('identify() returns only known fields or throws an error with a code, and never changes a prototype', async () => {
  const chatwoot = createChatwootIdentity({ inbox: INBOX });
  const pristine = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));
  await always(
    20_000,
    fc.asyncProperty(contacts, async (contact) => {
      try {
        const identity = (await chatwoot.identify(contact as unknown as Contact))!;
        const text = JSON.stringify(identity);
        expect(text).not.toContain(INBOX.hmacToken);
        const read = JSON.parse(text);
        expect(Object.keys(read).filter((field) => !FIELDS.includes(field))).toEqual([]);
        expect(read.identifier_hash).toBe(hmac(read.identifier));
        expect(Boolean(read.name || read.email || read.avatar_url)).toBe(true);
        expect(text.isWellFormed() && !/\\ud[89a-f]/.test(text.replaceAll('\\\\', ''))).toBe(true);
      } catch (error) {
        if (!(error instanceof ChatwootIdentityError)) throw error;
        expect(inspect(error)).not.toContain(INBOX.hmacToken);
      }
    }),
  );
  expect(JSON.stringify(Object.getOwnPropertyNames(Object.prototype))).toBe(pristine);
});
