import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCookie } from './cookie.js';

describe('readCookie', () => {
  it.each([
    ['a plain value', 'session=abc', 'abc'],
    ['a cookie among other cookies', 'a=1; session=abc; b=2', 'abc'],
    ['cookies that are separated without a space', 'a=1;session=abc;b=2', 'abc'],
    ['a value that contains "="', 'session=abc==', 'abc=='],
    ['a quoted value', 'session="abc"', 'abc'],
    ['a lone double quote unchanged', 'session="', '"'],
    ['a percent-encoded value', 'session=a%2Eb%2Ec', 'a.b.c'],
    ['an invalid percent-encoding unchanged', 'session=a%2', 'a%2'],
    ['the first of two cookies with the same name', 'session=first; session=second', 'first'],
    ['an empty value', 'session=; session=second', ''],
    ['a cookie in chunks', 'session.0=ab; session.1=cd', 'abcd'],
    ['chunks in any order', 'session.1=cd; a=1; session.0=ab', 'abcd'],
    [
      'more than ten chunks in numeric order',
      [...Array(12).keys()].map((i) => `session.${i}=${i}`).join(';'),
      '01234567891011',
    ],
    ['the first of two chunks with the same number', 'session.0=a; session.0=b', 'a'],
    ['a percent-encoding split between two chunks', 'session.0=a%2; session.1=Eb', 'a.b'],
    ['the whole cookie if there are also chunks', 'session.0=old; session=new', 'new'],
    ['chunks up to the first gap', 'session.0=a; session.2=c', 'a'],
    ['nothing if the first chunk is missing', 'session.1=b', undefined],
    ['nothing from an empty header', '', undefined],
    ['nothing from a cookie name without a value', 'session', undefined],
    ['nothing from cookies with a longer name', 'session2=a; my-session=b; session.x=c', undefined],
    ['nothing from a cookie with a name in a different case', 'Session=a', undefined],
  ])('reads %s', (_, header, value) => {
    expect(readCookie(header, 'session')).toBe(value);
  });

  it.each(['__Host-session', '__Secure-session'])(
    'reads a cookie with the prefix in its name (%s)',
    (name) => {
      expect(readCookie(`session=no; ${name}=yes`, name)).toBe('yes');
    },
  );

  it.each(['\u00a0', '\u2000', '\ufeff', '\u000b'])(
    'does not ignore the character %j before the name of a __Host- cookie',
    (space) => {
      expect(readCookie(`${space}__Host-session=forged; __Host-session=own`, '__Host-session')).toBe('own');
      expect(readCookie(`${space}__Host-session=forged`, '__Host-session')).toBeUndefined();
    },
  );

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'returns undefined for the cookie name %s if the request has no such cookie',
    (name) => {
      expect(readCookie('a=1', name)).toBeUndefined();
      expect(readCookie(`${name}=1`, name)).toBe('1');
    },
  );

  it('reads any value that a server sets, whole or in chunks', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
        fc.integer({ min: 1, max: 9 }),
        (text, size) => {
          const encoded = encodeURIComponent(text);
          const chunks = encoded.match(new RegExp(`.{1,${size}}`, 'g')) ?? [''];
          expect(readCookie(`a=1; session=${encoded}; b=2`, 'session')).toBe(text);
          expect(
            readCookie(chunks.map((chunk, index) => `session.${index}=${chunk}`).join('; '), 'session'),
          ).toBe(text);
        },
      ),
    );
  });

  it('does not throw for any Cookie header', () => {
    const part = fc.constantFrom(
      'session',
      '.0',
      '.1',
      '=',
      ';',
      '"',
      '%',
      ' ',
      '\t',
      '\u00a0',
      '%E0',
      '\ud800',
      'x',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const value = readCookie(parts.join(''), 'session');
        expect(['string', 'undefined']).toContain(typeof value);
      }),
    );
  });

  it('reads malformed headers of several megabytes in linear time', () => {
    for (const unit of [';', '=', ' ', '"', '%', 'session.0=;', 'session.0 ;', 'session="']) {
      readCookie(unit.repeat(1_000_000), 'session');
    }
    expect(readCookie(`${'session.9=x;'.repeat(200_000)}session=end`, 'session')).toBe('end');
  });
});
