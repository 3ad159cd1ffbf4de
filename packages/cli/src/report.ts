import { styleText } from 'node:util';
import { printable, type Terminal } from './terminal.js';
import { wrap } from './wrap.js';

/** The result of a check: passed, failed, a warning, or skipped. */
export type Outcome = 'pass' | 'fail' | 'warn' | 'skip';

const marks = {
  pass: ['green', '\u2713'],
  fail: ['red', '\u2717'],
  warn: ['yellow', '!'],
  skip: ['dim', '-'],
} as const;

/**
 * Prints a line with the mark of its outcome, and details below it. Uses colours only on a terminal, and only if
 * `NO_COLOR` is not set.
 */
export function report(terminal: Terminal, outcome: Outcome, line: string, ...details: string[]): void {
  const { stdout } = terminal;
  const [colour, mark] = marks[outcome];
  const paint = (text: string) => styleText(colour, text, { stream: stdout });
  const text = wrap(printable(line), 2, stdout.columns);
  stdout.write(`${paint(mark)} ${outcome === 'skip' ? paint(text) : text}\n`);
  for (const detail of details) printIndented(terminal, detail);
}

/** Prints indented text. */
export function printIndented({ stdout }: Terminal, text: string): void {
  stdout.write(`    ${wrap(printable(text), 4, stdout.columns)}\n`);
}
