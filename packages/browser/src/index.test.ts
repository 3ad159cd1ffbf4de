import { expect, test } from 'vitest';
import { connect, status } from './index.js';

test('the package can be imported on a server, where status() returns idle', () => {
  expect(typeof window).toBe('undefined');
  expect(status()).toBe('idle');
});

test.each(['baseUrl', 'websiteToken'])(
  'connect() without %s rejects with an error that names the missing option',
  async (name) => {
    const options = {
      baseUrl: 'https://chat.example.com',
      websiteToken: 'S7qSB2oFvtsTxvUmJrSLSdLr',
      [name]: undefined,
    };
    await expect(connect(null, options)).rejects.toThrow(`connect: ${name} is missing`);
  },
);
