import type { Identifier } from '@chatwoot-identity/core';
import type { MistakeCode } from './mistakes.js';

/**
 * The values from which a program may have made a hash. The fields `hmacToken` and `identifier` contain the
 * correct values.
 */
export interface Ingredients {
  readonly hmacToken: string;
  readonly identifier: Identifier;
  readonly websiteToken?: string | undefined;
  readonly email?: string | undefined;
  readonly otherTokens?: Readonly<Record<string, string>> | undefined;
}

/**
 * One way to perform a step of the computation. The field `mistake` is missing if the way is correct.
 */
export interface Variant<T> {
  readonly value: T;
  readonly mistake?: { readonly code: MistakeCode; readonly name?: string };
  /** True if the mistake is not tried in combination with another mistake. */
  readonly rare?: boolean;
}

/** A mistake and the values that it produces. The field for the mistake is null if the values are correct. */
export type Row<T> = readonly [MistakeCode | null, ...(T | undefined)[]];

/** Returns the variants in a table of mistakes. */
export function table<T>(rows: readonly Row<T>[]): Variant<T>[] {
  return rows.flatMap(([code, ...values]) =>
    values
      .filter((value) => value !== undefined)
      .map((value) => ({ value, ...(code && { mistake: { code } }) })),
  );
}

/**
 * Removes variants with equal values and keeps the first. A variant that changes nothing is therefore not a
 * mistake.
 */
export function distinct(
  rows: readonly Row<string | Buffer>[],
  rareRows: readonly Row<string | Buffer>[] = [],
): Variant<Buffer>[] {
  const rare = table(rareRows).map((variant) => ({ ...variant, rare: true }));
  const owned = new Map<string, Variant<Buffer>>();
  for (const { value, ...mistake } of [...table(rows), ...rare]) {
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    const id = bytes.toString('latin1');
    if (!owned.has(id)) owned.set(id, { value: bytes, ...mistake });
  }
  return [...owned.values()];
}

/**
 * Returns the text in UTF-16, with and without a byte order mark. .NET and Python write little-endian bytes,
 * Java big-endian bytes.
 */
export function utf16(text: string): Buffer[] {
  return [text, `\uFEFF${text}`].flatMap((marked) => [
    Buffer.from(marked, 'utf16le'),
    Buffer.from(marked, 'utf16le').swap16(),
  ]);
}
