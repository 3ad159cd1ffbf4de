import { expect, test } from 'vitest';
import { enter, leave } from './presence.js';

/** Resolves after the microtask that `leave()` schedules. */
const settled = () => new Promise<void>((resolve) => queueMicrotask(resolve));

test('enter() returns true only if the last widget was unmounted in an earlier tick', async () => {
  expect(enter()).toBe(false);

  leave(); // as StrictMode runs effects, and as one page replaces another
  expect(enter()).toBe(false);
  await settled();

  expect(enter()).toBe(false);
  leave();
  await settled(); // one of two widgets
  expect(enter()).toBe(false);

  leave();
  leave();
  await settled();
  expect(enter()).toBe(true);
  expect(enter()).toBe(false);
});
