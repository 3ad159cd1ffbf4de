import type { Flag } from './command.js';
import { Failure } from './failure.js';

/** How long one answer may take. */
export const timeoutFlags = {
  timeout: { type: 'string', value: '<seconds>', help: 'how long one answer may take (default: 10)' },
} as const satisfies Record<string, Flag>;

/** The time in milliseconds. */
export function timeoutOf(seconds = '10'): number {
  const milliseconds = Number(seconds) * 1000;
  if (milliseconds >= 1 && milliseconds <= 600_000) return milliseconds;
  throw new Failure('--timeout takes a number of seconds between 0.001 and 600.');
}
