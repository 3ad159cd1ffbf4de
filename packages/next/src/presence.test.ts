import { expect, test, vi } from 'vitest';
import { enter, leave } from './presence.js';

/** Resolves after the microtask that `leave()` schedules. */
const settled = () => new Promise<void>((resolve) => queueMicrotask(resolve));

test('enter() returns true if the last widget was unmounted in an earlier tick, and not otherwise', async () => {
  expect(enter(true)).toBe(false);

  leave(); // as StrictMode runs effects, and as one page replaces another
  expect(enter(false)).toBe(false);
  await settled();

  expect(enter(false)).toBe(false);
  leave();
  await settled(); // one of two widgets
  expect(enter(false)).toBe(false);

  leave();
  leave();
  await settled();
  expect(enter(false)).toBe(true);
  expect(enter(false)).toBe(false);
});

test('enter() returns true for the first widget if it is not part of the document that was loaded', async () => {
  vi.resetModules();
  const { enter } = await import('./presence.js');
  expect(enter(false)).toBe(true);
  expect(enter(false)).toBe(false);
});
