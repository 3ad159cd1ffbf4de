import { expect, test } from 'vitest';
import { enter, leave } from './presence.js';

/** Resolves after the microtask of `leave()` has run. */
const settled = () => new Promise<void>((resolve) => queueMicrotask(resolve));

test('enter() is true only after the last widget was unmounted, without another in the same tick', async () => {
  expect(enter()).toBe(false);

  leave(); // as StrictMode runs effects, and as one page replaces another
  expect(enter()).toBe(false);
  await settled();

  expect(enter()).toBe(false);
  leave();
  await settled(); // one of two
  expect(enter()).toBe(false);

  leave();
  leave();
  await settled();
  expect(enter()).toBe(true);
  expect(enter()).toBe(false);
});
