import { expect, test } from 'vitest';
import { connect, status } from './index.js';

test('the package can be imported on a server, where status() returns idle', () => {
  expect(typeof window).toBe('undefined');
  expect(status()).toBe('idle');
});

test.each(['baseUrl', 'websiteToken'])(
  'connect() rejects with an error that names %s if it is missing',
  async (name) => {
    const options = {
      baseUrl: 'https://chat.example.com',
      websiteToken: 'S7qSB2oFvtsTxvUmJrSLSdLr',
      [name]: undefined,
    };
    await expect(connect(null, options)).rejects.toThrow(`connect: ${name} is missing`);
  },
);
