import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifierHash, verifyIdentifierHash } from './hash.js';

// The public test vector from chatwoot/chatwoot#4798.
const TOKEN = 'wyHVRZzzJhjPMKR2h7LpeJVy';
const HASH = '45e289a669fbb7b4f7c09b3c68734dd9c52d508aba109dc7543c8133e0ec98be';

describe('identifierHash', () => {
  it("returns the hash of Chatwoot's public test vector", () => {
    expect(identifierHash(TOKEN, 'test')).toBe(HASH);
  });

  it('signs a number as its decimal string', () => {
    expect(identifierHash(TOKEN, 42)).toBe(identifierHash(TOKEN, '42'));
    expect(identifierHash(TOKEN, 42n)).toBe(identifierHash(TOKEN, '42'));
  });

  it('throws for a blank identifier, because its hash would open every conversation', () => {
    expect(() => identifierHash(TOKEN, '')).toThrow(expect.objectContaining({ code: 'identifier_blank' }));
    expect(() => identifierHash(TOKEN, '\u00a0')).toThrow(
      expect.objectContaining({ code: 'identifier_blank' }),
    );
  });

  it.each([
    ['unset', undefined, 'must be a string and is undefined', 'environment variable'],
    ['null', null, 'must be a string and is null', 'environment variable'],
    ['not a string', 42, 'must be a string and is number', 'environment variable'],
    ['empty', '', 'is empty', 'environment variable'],
    ['blank', '  ', 'white space', 'Remove it'],
    ['followed by a line break', `${TOKEN}\n`, 'white space or a line break', 'Remove it'],
    ['preceded by a BOM', `\ufeff${TOKEN}`, 'white space', 'Remove it'],
  ])(
    'throws for a token that is %s, with a message that says how to fix it',
    (_name, token, problem, fix) => {
      for (const call of [
        () => identifierHash(token as string, 'user-1'),
        () => verifyIdentifierHash(token as string, 'user-1', HASH),
      ]) {
        expect(call).toThrow(TypeError);
        expect(call).toThrow(problem);
        expect(call).toThrow(fix);
        expect(call).not.toThrow(TOKEN);
      }
    },
  );
});

describe('verifyIdentifierHash', () => {
  it('returns true for the hash of the identifier', () => {
    expect(verifyIdentifierHash(TOKEN, 'test', HASH)).toBe(true);
  });

  it.each([
    ['of another identifier', identifierHash(TOKEN, 'tesu')],
    ['of another token', identifierHash(`${TOKEN}x`, 'test')],
    ['with the key and the message swapped', identifierHash('test', TOKEN)],
    ['in upper case', HASH.toUpperCase()],
    ['with a line break', `${HASH}\n`],
    ['with the prefix sha256=', `sha256=${HASH}`],
    ['that is truncated', HASH.slice(1)],
    ['of 64 characters that are not all ASCII', `\u00e9${HASH.slice(1)}`],
    ['in base64', createHmac('sha256', TOKEN).update('test').digest('base64')],
  ])('returns false for a hash %s, as Chatwoot does', (_name, hash) => {
    expect(verifyIdentifierHash(TOKEN, 'test', hash)).toBe(false);
  });

  it('returns false for an identifier that must never be signed, even with its correct hash', () => {
    const empty = createHmac('sha256', TOKEN).update('').digest('hex');
    expect(verifyIdentifierHash(TOKEN, '', empty)).toBe(false);
    expect(verifyIdentifierHash(TOKEN, undefined as unknown as string, empty)).toBe(false);
  });

  it('returns false and does not throw for an arbitrary identifier and an arbitrary hash', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true }),
        fc.anything({ withBigInt: true }),
        (identifier, hash) => {
          expect(verifyIdentifierHash(TOKEN, identifier as string, hash)).toBe(false);
        },
      ),
    );
  });

  it('accepts the hash that identifierHash returns, and rejects it if one character is changed', () => {
    const digit = fc.constantFrom(...'0123456789abcdef');
    fc.assert(
      fc.property(fc.integer(), fc.nat(63), digit, (identifier, at, other) => {
        const hash = identifierHash(TOKEN, identifier);
        const changed = hash.slice(0, at) + other + hash.slice(at + 1);
        expect(verifyIdentifierHash(TOKEN, identifier, hash)).toBe(true);
        expect(verifyIdentifierHash(TOKEN, identifier, changed)).toBe(changed === hash);
      }),
    );
  });
});
