import type { ChildProcess } from 'node:child_process';
import { afterAll } from 'vitest';

const running = new Set<ChildProcess>();

// Runs at the end of each test file that imports this one, even when a test or a hook of it timed out.
afterAll(() => {
  for (const child of running) child.kill();
});

/** Ends a child process with the test file that started it, at the latest. */
export function endWithFile<Child extends ChildProcess>(child: Child): Child {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}
