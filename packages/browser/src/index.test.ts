import { expect, test } from 'vitest';
import { status } from './index.js';

test('can be imported on a server, where the status is idle', () => {
  expect(typeof window).toBe('undefined');
  expect(status()).toBe('idle');
});
