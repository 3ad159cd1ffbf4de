import fc from 'fast-check';

/** The seed of this run. Set it to repeat a run: `FUZZ_SEED=1234 npm run fuzz`. */
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
console.log(`FUZZ_SEED=${seed}`);

/** Asserts that a property holds for a large number of inputs. A failure prints the seed and the smallest failing input. */
export function always(
  cases: number,
  property: fc.IProperty<[never]> | Parameters<typeof fc.assert>[0],
): ReturnType<typeof fc.assert> {
  return fc.assert(property as fc.IAsyncProperty<unknown>, { seed, numRuns: cases });
}

/** Arbitrary text, and text that often breaks parsers. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ...['</script>', '<script>', '<!--', '-->', ']]>', '"', "'", '`', '<', '>', '&', '&quot;', '\\'],
          ...[
            '\u2028',
            '\u2029',
            '\0',
            '\r\n',
            '\n',
            '\t',
            ' ',
            '\u00a0',
            '\ufeff',
            '\u200b',
            '\u3000',
            '\u0085',
          ],
          ...[
            '\ud800',
            '\udfff',
            '\u001b(J',
            '__proto__',
            'constructor',
            'undefined',
            'null',
            'NaN',
            '[object Object]',
          ],
          ...['javascript:', '//', '/\\', '..', '%00', '%0d%0a', ';', ',', '=', '$&', "$'", '{{', '${'],
        ),
        fc.string({ maxLength: 4 }),
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
);
