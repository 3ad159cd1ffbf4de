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
  const text = wrapped(line, 2);
  console.log(`${paint(colour, mark)} ${outcome === 'skip' ? paint('dim', text) : text}`);
  for (const detail of details) console.log(`    ${wrapped(detail, 4)}`);
}

/** On a terminal, broken between words; what runs on stands as far in as what it belongs to. */
function wrapped(text: string, indent: number): string {
  const { columns } = process.stdout;
  if (!columns) return text;
  const width = Math.max(columns - indent, 20);
  const lines = text.match(new RegExp(`.{1,${width}}(?=\\s|$)|\\S+`, 'g')) ?? [];
  return lines.map((line) => line.trimStart()).join(`\n${' '.repeat(indent)}`);
}

/** Prints a value for machines. */
export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}

function paint(colour: 'green' | 'red' | 'yellow' | 'dim', text: string): string {
  return styleText(colour, text, { stream: process.stdout });
}
