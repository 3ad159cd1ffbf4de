import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChatwootIdentityError } from '../error.js';
import { type Contact, isContact, toProfile } from './contact.js';

const contact = (fields: object) => ({ identifier: 'user-1', ...fields }) as Contact;

describe('toProfile', () => {
  it("returns exactly the fields that Chatwoot reads, under Chatwoot's names", () => {
    expect(
      toProfile({
        identifier: 'user-1',
        name: 'Ada',
        email: 'ada@example.com',
        avatarUrl: 'https://example.com/ada.png',
        phoneNumber: '+12025550123',
        companyName: 'Analytical Engines',
        city: 'London',
        countryCode: 'GB',
        description: 'First programmer',
        socialProfiles: { github: 'ada' },
        customAttributes: { plan: 'pro', seats: 3, beta: true, tags: ['a'], nested: { deep: null } },
      }),
    ).toEqual({
      name: 'Ada',
      email: 'ada@example.com',
      avatar_url: 'https://example.com/ada.png',
      phone_number: '+12025550123',
      company_name: 'Analytical Engines',
      city: 'London',
      country_code: 'GB',
      description: 'First programmer',
      social_profiles: { github: 'ada' },
      custom_attributes: { plan: 'pro', seats: 3, beta: true, tags: ['a'], nested: { deep: null } },
    });
  });

  it('omits fields that are null, undefined or blank', () => {
    expect(
      toProfile(
        contact({ name: undefined, email: null, city: '', companyName: ' \n', socialProfiles: null }),
      ),
    ).toEqual({});
  });

  it('repairs text that Rails or Postgres would reject', () => {
    expect(toProfile(contact({ name: 'Ada\0\ud83d', customAttributes: { plan: 'pro\0' } }))).toEqual({
      name: 'Ada\ufffd',
      custom_attributes: { plan: 'pro' },
    });
  });

  it('repairs the names of custom attributes at any depth', () => {
    const customAttributes = { 'plan\0': 1, deep: [{ '\ud83d': ['\udc00'] }] };
    expect(toProfile(contact({ customAttributes })).custom_attributes).toEqual({
      plan: 1,
      deep: [{ '\ufffd': ['\ufffd'] }],
    });
  });

  it('does not change markup in a name, because the page escapes it', () => {
    expect(toProfile(contact({ name: "O'Brien </script>" }))).toEqual({ name: "O'Brien </script>" });
  });

  it.each([
    ['identifier_hash', 'computed here'],
    ['identifierHash', 'computed here'],
    ['avatar_url', 'Write "avatarUrl"'],
    ['avatarURL', 'Write "avatarUrl"'],
    ['phone_number', 'Write "phoneNumber"'],
    ['Email', 'Write "email"'],
    ['role', 'Put it into customAttributes'],
    ['toString', 'Put it into customAttributes'],
  ])('throws for the field %s, with the advice "%s"', (field, fix) => {
    const call = () => toProfile(contact({ [field]: 'value-of-it' }));
    expect(call).toThrow(expect.objectContaining({ code: 'contact_invalid', status: 500 }));
    expect(call).toThrow(fix);
    expect(call).not.toThrow('value-of-it');
  });

  it('throws for a field named __proto__, without reading it', () => {
    const hostile = JSON.parse('{"identifier":"user-1","__proto__":{"name":"Mallory"}}');
    expect(() => toProfile(hostile)).toThrow(expect.objectContaining({ code: 'contact_invalid' }));
  });

  const circular: Record<string, unknown> = {};
  circular.self = circular;

  it.each([
    ['name', 42, 'contact.name must be a string'],
    ['email', ['ada@example.com'], 'contact.email must be a string'],
    ['avatarUrl', new URL('https://example.com/ada@example.com'), 'contact.avatarUrl must be a string'],
    ['customAttributes', 'ada@example.com', 'contact.customAttributes must be a plain object'],
    ['customAttributes', ['ada@example.com'], 'contact.customAttributes must be a plain object'],
    ['customAttributes', () => 'ada@example.com', 'contact.customAttributes cannot be written as JSON'],
    ['customAttributes', { big: 1n }, 'contact.customAttributes cannot be written as JSON'],
    ['socialProfiles', circular, 'contact.socialProfiles cannot be written as JSON'],
  ])(
    'throws if %s has the wrong type, with a message that says which type to pass',
    (field, value, problem) => {
      const call = () => toProfile(contact({ [field]: value }));
      expect(call).toThrow(expect.objectContaining({ code: 'contact_invalid' }));
      expect(call).toThrow(problem);
      expect(call).toThrow(/Convert it|leave it out|Give plain|for example/);
      expect(call).not.toThrow('ada@example.com');
    },
  );

  it('returns valid JSON or throws a coded error, for any contact', () => {
    const field = fc.oneof(
      fc.constantFrom('name', 'email', 'avatarUrl', 'customAttributes', 'socialProfiles', '__proto__'),
      fc.string(),
    );
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.anything({ withBigInt: true, withDate: true }));
    fc.assert(
      fc.property(fc.dictionary(field, value), (fields) => {
        try {
          const profile = toProfile({ ...fields, identifier: 'user-1' } as Contact);
          expect(JSON.parse(JSON.stringify(profile))).toEqual(profile);
          expect(JSON.stringify(profile)).not.toContain('\\u0000');
        } catch (error) {
          expect(error).toBeInstanceOf(ChatwootIdentityError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('toProfile, for a long name or e-mail address,', () => {
  const warnings: string[] = [];
  const profileOf = (fields: object) =>
    toProfile(contact(fields), ({ code, message }) => warnings.push(`${code}: ${message}`));

  it('shortens the name to 255 whole code points, because Chatwoot would refuse it with 422', () => {
    expect(profileOf({ name: '\u{1f469}'.repeat(256) }).name).toBe('\u{1f469}'.repeat(255));
    expect(warnings.pop()).toContain('profile_too_long: contact.name is longer than 255 characters');
  });

  it('omits an e-mail address of more than 255 characters, which cannot be shortened', () => {
    expect(profileOf({ email: `${'a'.repeat(250)}@example.com` })).toEqual({});
    expect(warnings.pop()).toContain('profile_too_long: contact.email is longer than 255 characters');
  });

  it('does not change a name and an e-mail address of 255 code points', () => {
    const fields = { name: '\u{1f469}'.repeat(255), email: `${'a'.repeat(243)}@example.com` };
    expect(profileOf(fields)).toEqual(fields);
    expect(warnings).toEqual([]);
  });
});

describe('isContact', () => {
  it.each([null, undefined, false, 0, '', Number.NaN, 0n])('treats %o as an anonymous visitor', (answer) => {
    expect(isContact(answer)).toBe(false);
  });

  it.each([
    ['a string', 'user-1'],
    ['a number', 42],
    ['true', true],
    ['an array', [{ identifier: '1' }]],
  ])('throws for %s, which is neither a contact nor falsy', (_name, answer) => {
    const call = () => isContact(answer);
    expect(call).toThrow(expect.objectContaining({ code: 'contact_invalid' }));
    expect(call).toThrow('null for an anonymous visitor');
  });
});
