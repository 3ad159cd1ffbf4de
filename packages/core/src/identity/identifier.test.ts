import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChatwootIdentityError, type ChatwootIdentityErrorCode } from '../error.js';
import { toIdentifier } from './identifier.js';

const ASTRAL = '\u{1f600}';

describe('toIdentifier', () => {
  it.each([
    ['plain text', 'user-1'],
    ['text with white space around it', ' user-1 '],
    ['text with a trailing line break', 'user-1\r\n'],
    ['leading zeros', '007'],
    ['an e-mail address in upper case', 'ADA@EXAMPLE.COM'],
    ['a composed accent', 'caf\u00e9'],
    ['a decomposed accent', 'cafe\u0301'],
    ['right-to-left text', '\u0645\u0633\u062a\u062e\u062f\u0645'],
    ['a joined emoji', '\u{1f469}\u200d\u{1f467}'],
    ['a zero-width space', 'user\u200b1'],
    ['a leading BOM', '\ufeffuser-1'],
    ['markup', '</script><b>&amp;'],
    ['a line separator', 'a\u2028b'],
    ['a placeholder inside more text', 'undefined-1'],
    ['a placeholder in upper case', 'Null'],
    ['255 characters', 'x'.repeat(255)],
    ['255 characters outside the BMP (510 code units)', ASTRAL.repeat(255)],
  ])('returns a string unchanged: %s', (_name, identifier) => {
    expect(toIdentifier(identifier)).toBe(identifier);
  });

  it.each([
    [42, '42'],
    [7.0, '7'],
    [0, '0'],
    [-0, '0'],
    [-1, '-1'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [2n ** 64n, '18446744073709551616'],
    [10n ** 254n, `1${'0'.repeat(254)}`],
  ])('converts the integer %s to its decimal string', (identifier, written) => {
    expect(toIdentifier(identifier)).toBe(written);
  });

  /** The last column is the text that the message must not contain. */
  const refused: [name: string, value: unknown, code: ChatwootIdentityErrorCode, secret?: string][] = [
    ['the empty string', '', 'identifier_blank'],
    ['a space', ' ', 'identifier_blank'],
    ['tab and line break', '\t\r\n', 'identifier_blank'],
    ['a no-break space', '\u00a0', 'identifier_blank'],
    ['a next-line control', '\u0085', 'identifier_blank'],
    ['Unicode white space', '\u1680\u2003\u2028\u2029\u202f\u205f\u3000', 'identifier_blank'],
    ['a BOM', '\ufeff', 'identifier_blank'],
    ['"undefined"', 'undefined', 'identifier_placeholder'],
    ['"null"', 'null', 'identifier_placeholder'],
    ['"NaN"', 'NaN', 'identifier_placeholder'],
    ['"[object Object]"', '[object Object]', 'identifier_placeholder'],
    ['"[object Promise]"', '[object Promise]', 'identifier_placeholder'],
    ['undefined', undefined, 'identifier_type'],
    ['null', null, 'identifier_type'],
    ['true', true, 'identifier_type'],
    ['an array', ['ada-42'], 'identifier_type', 'ada-42'],
    ['an object', { id: 'ada-42' }, 'identifier_type', 'ada-42'],
    ['a String object', Object('ada-42'), 'identifier_type', 'ada-42'],
    ['a date', new Date(0), 'identifier_type', '1970'],
    ['a symbol', Symbol('ada-42'), 'identifier_type', 'ada-42'],
    ['a function', () => 'ada-42', 'identifier_type', 'ada-42'],
    ['NaN', Number.NaN, 'identifier_number'],
    ['Infinity', Number.POSITIVE_INFINITY, 'identifier_number'],
    ['a fraction', 1.5, 'identifier_number', '1.5'],
    ['a fraction that Ruby writes differently', 1e-7, 'identifier_number', '1e-7'],
    ['an unsafe integer', 2 ** 53, 'identifier_number', '9007199254740992'],
    ['a number that Ruby writes differently', 1e21, 'identifier_number', '1e+21'],
    ['a NUL', 'ada-42\0', 'identifier_malformed', 'ada-42'],
    ['a lone high surrogate', 'ada-42\ud83d', 'identifier_malformed', 'ada-42'],
    ['a lone low surrogate', '\ude00ada-42', 'identifier_malformed', 'ada-42'],
    ['256 characters', 'ada-42'.padEnd(256, 'x'), 'identifier_length', 'ada-42'],
    ['a bigint of 256 digits', 10n ** 255n, 'identifier_length', '100000'],
    ['a negative bigint of 255 digits', -(10n ** 254n), 'identifier_length', '100000'],
    ['256 characters outside the BMP', ASTRAL.repeat(256), 'identifier_length', ASTRAL],
  ];

  it.each(refused)(
    'throws for %s, with a message that says what to pass instead',
    (_name, value, code, secret) => {
      const error = refusal(value);
      expect(error.code).toBe(code);
      expect(error.status).toBe(500);
      expect(error.message).toMatch(/^The identifier .+\. Give /);
      if (secret) expect(error.message).not.toContain(secret);
    },
  );

  it('returns a string that Chatwoot can store or throws a coded error, for any value', () => {
    const anything = fc.oneof(
      fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withObjectString: true }),
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: fc.constantFrom(' ', '\u00a0', '\ufeff', '\0', '\ud83d', 'x') }),
      fc.double(),
      fc.bigInt({ min: -(10n ** 300n), max: 10n ** 300n }),
    );
    fc.assert(
      fc.property(anything, (value) => {
        let identifier: string;
        try {
          identifier = toIdentifier(value);
        } catch (error) {
          expect(error).toBeInstanceOf(ChatwootIdentityError);
          expect((error as ChatwootIdentityError).code).toMatch(/^identifier_/);
          return;
        }
        expect(identifier).toBe(String(value));
        expect(identifier.trim()).not.toBe('');
        expect(identifier.isWellFormed()).toBe(true);
        expect([...identifier].length).toBeLessThanOrEqual(255);
      }),
      { numRuns: 1000 },
    );
  });
});

function refusal(value: unknown): ChatwootIdentityError {
  try {
    toIdentifier(value);
  } catch (error) {
    expect(error).toBeInstanceOf(ChatwootIdentityError);
    return error as ChatwootIdentityError;
  }
  throw new Error('The identifier was accepted.');
}
