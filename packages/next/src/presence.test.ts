import { expect, test } from 'vitest';
import { enter, leave } from './presence.js';

/** Returns a promise that resolves after the microtask that `leave()` schedules. */
const settled = () => new Promise<void>((resolve) => queueMicrotask(resolve));

test('enter() returns true only if all widgets were unmounted in an earlier microtask', async () => {
  expect(enter()).toBe(false);

  leave(); // StrictMode and page navigations call leave() and enter() in the same tick
  expect(enter()).toBe(false);
  await settled();

  expect(enter()).toBe(false);
  leave();
  await settled(); // one of the two widgets is still mounted
  expect(enter()).toBe(false);

  leave();
  leave();
  await settled();
  expect(enter()).toBe(true);
  expect(enter()).toBe(false);
});
