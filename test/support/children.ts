import type { ChildProcess } from 'node:child_process';
import { afterAll } from 'vitest';

const running = new Set<ChildProcess>();

// Runs at the end of each test file that imports this module, even if a test or a hook has timed out.
afterAll(() => {
  for (const child of running) child.kill();
});

/** Ends a child process when the test file that started it ends, if the process is still running. */
export function endWithFile<Child extends ChildProcess>(child: Child): Child {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}
