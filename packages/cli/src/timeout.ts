import type { Flag } from './command.js';
import { Failure } from './failure.js';

/** The option that limits the time of each response. */
export const timeoutFlags = {
  timeout: { type: 'string', value: '<seconds>', help: 'time limit of each response (default: 10)' },
} as const satisfies Record<string, Flag>;

/** The time limit in milliseconds. */
export function timeoutOf(seconds = '10'): number {
  const milliseconds = Number(seconds) * 1000;
  if (milliseconds >= 1 && milliseconds <= 600_000) return milliseconds;
  throw new Failure('--timeout takes a number of seconds between 0.001 and 600.');
}
