import { styleText } from 'node:util';

/** How something turned out: well, badly, not well but bearable, or not looked at. */
export type Outcome = 'pass' | 'fail' | 'warn' | 'skip';

const marks = {
  pass: ['green', '\u2713'],
  fail: ['red', '\u2717'],
  warn: ['yellow', '!'],
  skip: ['dim', '-'],
} as const;

/** Prints one line with its mark, and below it what explains it. Colours only on a terminal, and not under NO_COLOR. */
export function report(outcome: Outcome, line: string, ...details: string[]): void {
  const [colour, mark] = marks[outcome];
  console.log(`${paint(colour, mark)} ${outcome === 'skip' ? paint('dim', line) : line}`);
  for (const detail of details) console.log(`    ${detail}`);
}

/** Prints a value for machines. */
export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}

function paint(colour: 'green' | 'red' | 'yellow' | 'dim', text: string): string {
  return styleText(colour, text, { stream: process.stdout });
}
