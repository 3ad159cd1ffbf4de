import type { ContactOption } from '@chatwoot-identity/core';
import type { JWTPayload } from 'jose';
import { describe, expect, it } from 'vitest';
import { type ClaimNames, jwtContact } from './contact.js';

const request = new Request('http://app.test/');
const contactOf = (claims: JWTPayload | null, names?: ClaimNames) =>
  jwtContact(async () => claims, names)(request);

describe('jwtContact', () => {
  it('reads the standard claims of OpenID Connect', async () => {
    const claims = {
      sub: 'auth0|1',
      name: 'Ada',
      email: 'ada@example.com',
      picture: 'https://example.com/ada.png',
    };
    expect(await contactOf({ ...claims, iss: 'x', email_verified: true })).toEqual({
      identifier: 'auth0|1',
      name: 'Ada',
      email: 'ada@example.com',
      avatarUrl: 'https://example.com/ada.png',
    });
  });

  it('returns a function that has the type of the contact option', () => {
    const option: ContactOption<Request> = jwtContact(async () => null);
    expect(option).toBeTypeOf('function');
  });

  it('returns null for an anonymous visitor', async () => {
    expect(await contactOf(null)).toBeNull();
  });

  it('reads the claims that the second argument names', async () => {
    const claims = { sub: '1', 'https://example.com/id': 7, nickname: 'ada', phone_number: '+12025550123' };
    const names = { identifier: 'https://example.com/id', name: 'nickname', phoneNumber: 'phone_number' };
    expect(await contactOf(claims, names)).toEqual({
      identifier: 7,
      name: 'ada',
      phoneNumber: '+12025550123',
    });
  });

  it('omits claims that are empty or not strings', async () => {
    expect(await contactOf({ sub: '1', name: { first: 'Ada' }, email: null, picture: '' })).toEqual({
      identifier: '1',
    });
  });

  it.each([undefined, null, '', ' ', '\u00a0', true, { id: 1 }, ['1']])(
    'rejects with identifier_missing and explains the fix if the sub claim is %j',
    async (sub) => {
      await expect(contactOf({ sub, email: 'ada@example.com' } as JWTPayload)).rejects.toMatchObject({
        code: 'identifier_missing',
        status: 500,
        message: expect.stringMatching(/"sub" claim.*name the claim/),
      });
    },
  );

  it.each([false, null, 'false', 'no', 0, 1, {}])(
    'omits the e-mail address if email_verified is %j, because Chatwoot merges contacts by e-mail',
    async (email_verified) => {
      expect(await contactOf({ sub: '1', email: 'ceo@example.com', email_verified })).toEqual({
        identifier: '1',
      });
    },
  );

  it.each([true, 'true', undefined])(
    'returns the e-mail address if email_verified is %j',
    async (email_verified) => {
      expect(await contactOf({ sub: '1', email: 'ada@example.com', email_verified })).toMatchObject({
        email: 'ada@example.com',
      });
    },
  );

  it('omits an unverified phone number, because Chatwoot merges contacts by phone number', async () => {
    const claims = { sub: '1', phone_number: '+12025550123' };
    const names = { phoneNumber: 'phone_number' };
    expect(await contactOf({ ...claims, phone_number_verified: false }, names)).toEqual({ identifier: '1' });
    expect(await contactOf({ ...claims, phone_number_verified: true }, names)).toMatchObject({
      phoneNumber: '+12025550123',
    });
  });

  it.each([{ sub: 'staff' }, 'staff', null])(
    'returns null if support staff are signed in as the customer (act: %j)',
    async (act) => {
      expect(await contactOf({ sub: 'customer', act })).toBeNull();
    },
  );

  it.each<[string, unknown, RegExp]>([
    ['a misspelled field', { identifer: 'user_id' }, /no field identifer\. Fields: identifier, name/],
    ['a Chatwoot field that claims cannot set', { companyName: 'org' }, /write your own contact function/],
    ['an undefined claim name', { identifier: undefined }, /identifier must be the name/],
    ['an empty claim name', { email: '' }, /email must be the name of a claim\. .* the standard claim/],
    ['a function as a claim name', { phoneNumber: () => '+1' }, /phoneNumber must be .* read no claim/],
  ])('throws at start-up for %s', (_, names, message) => {
    expect(() => jwtContact(async () => null, names as ClaimNames)).toThrow(
      expect.objectContaining({ name: 'TypeError', message: expect.stringMatching(message) }),
    );
  });

  it.each([undefined, null, { jwksUri: 'https://issuer.example/jwks.json' }])(
    'throws at start-up if the session reader is %j',
    (session) => {
      expect(() => jwtContact(session as never)).toThrow(/jwtContact\(jwtSession\(/);
    },
  );

  it('rejects with the error of the session reader', async () => {
    const failure = new Error('no keys');
    await expect(jwtContact(() => Promise.reject(failure))(request)).rejects.toBe(failure);
  });
});
