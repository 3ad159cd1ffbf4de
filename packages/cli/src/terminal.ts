import type { Readable, Writable } from 'node:stream';

/** The streams and the environment variables that a command uses. Outside tests, this object is `process`. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** `columns` is the width of a terminal, and undefined for a file or a pipe. */
  readonly stdout: Writable & { readonly columns?: number };
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Prints to stdout. */
export function print({ stdout }: Terminal, text: string): void {
  stdout.write(`${printable(text)}\n`);
}

/** Prints to stderr. */
export function printError({ stderr }: Terminal, text: string): void {
  stderr.write(`${printable(text)}\n`);
}

/** Prints a value as JSON to stdout. */
export function printJson(terminal: Terminal, value: unknown): void {
  print(terminal, JSON.stringify(value, null, 2));
}

/**
 * Control characters, and characters that change the text direction (Unicode TR9). A server's response with such
 * characters could rewrite or reorder lines in the terminal. The characters are escaped as in JSON, so that JSON
 * output stays valid.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the expression must match control characters
const UNSAFE = /[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Escapes all characters, except line breaks, that could manipulate the display of a terminal. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
