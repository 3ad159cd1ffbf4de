import type { Flag } from './command.js';
import { Failure } from './failure.js';

/** The option for the time limit of each response. */
export const timeoutFlags = {
  timeout: { type: 'string', value: '<seconds>', help: 'time limit of each response (default: 10)' },
} as const satisfies Record<string, Flag>;

/** Returns the time limit in milliseconds. Throws a `Failure` unless `seconds` is from 0.001 to 600. */
export function timeoutOf(seconds = '10'): number {
  const milliseconds = Number(seconds) * 1000;
  if (milliseconds >= 1 && milliseconds <= 600_000) return milliseconds;
  throw new Failure('--timeout takes a number of seconds between 0.001 and 600.');
}
