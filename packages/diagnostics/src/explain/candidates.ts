import type { Identifier } from '@chatwoot-identity/core';
import type { MistakeCode } from './mistakes.js';

/** The values from which a hash may have been made. `hmacToken` and `identifier` are the right ones. */
export interface Ingredients {
  readonly hmacToken: string;
  readonly identifier: Identifier;
  readonly websiteToken?: string | undefined;
  readonly email?: string | undefined;
  readonly otherTokens?: Readonly<Record<string, string>> | undefined;
}

/** One way to perform a step, and the mistake in it. The right way has none. */
export interface Variant<T> {
  readonly value: T;
  readonly mistake?: { readonly code: MistakeCode; readonly name?: string };
  /** True for a mistake that is not tried together with another one. */
  readonly rare?: boolean;
}

/** A mistake, or none for the right way, and the ways to make it. */
export type Row<T> = readonly [MistakeCode | null, ...(T | undefined)[]];

/** The variants in a table of mistakes. */
export function table<T>(rows: readonly Row<T>[]): Variant<T>[] {
  return rows.flatMap(([code, ...values]) =>
    values
      .filter((value) => value !== undefined)
      .map((value) => ({ value, ...(code && { mistake: { code } }) })),
  );
}

/** If several rows have the same value, the first one counts: a variant that changes nothing is not a mistake. */
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

/** Little-endian as in .NET and Python, and big-endian as in Java, with a byte order mark and without. */
export function utf16(text: string): Buffer[] {
  return [text, `\uFEFF${text}`].flatMap((marked) => [
    Buffer.from(marked, 'utf16le'),
    Buffer.from(marked, 'utf16le').swap16(),
  ]);
}
