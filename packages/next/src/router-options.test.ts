import { describe, expect, test, vi } from 'vitest';
import { compileOptions } from './router-options.js';

const inbox = {
  hmacToken: 'EPyYngFb62yBMWXaSCrUZoL9',
  websiteToken: 'S7qSB2oFvtsTxvUmJrSLSdLr',
  baseUrl: 'https://chat.example.com',
};
const contact = () => ({ identifier: 'ada' });
const request = { headers: {} };

describe('compileOptions', () => {
  test('accepts undefined environment variables during a build and rejects them at the first request', async () => {
    const unset = { hmacToken: undefined, websiteToken: undefined, baseUrl: undefined };
    const { resolve, respond } = compileOptions('chatwootIdentity', { inbox: unset, contact });
    expect(() => resolve(request)).toThrow('inbox.hmacToken must be a string and is undefined');
    await expect(respond(request)).rejects.toThrow(TypeError);
    const { respond: shared } = compileOptions('chatwootIdentity', {
      inbox,
      contact,
      allowedOrigins: [undefined as unknown as string],
    });
    await expect(shared(request)).rejects.toThrow('allowedOrigins');
  });

  test('validates the inbox only once', async () => {
    const read = vi.fn(() => inbox.hmacToken);
    const counted = {
      ...inbox,
      get hmacToken() {
        return read();
      },
    };
    const { resolve, respond } = compileOptions('chatwootIdentity', { inbox: counted, contact });
    await respond(request);
    const reads = read.mock.calls.length;
    await respond(request);
    expect(resolve(request).identity()).toMatchObject({ identifier: 'ada' });
    expect(read).toHaveBeenCalledTimes(reads);
  });

  test.each([
    ['a misspelled option', { inbox, contact, onerror: console.error }, 'Write "onError"'],
    ['an option of the Express middleware', { inbox, contact, inject: true }, 'has no option "inject"'],
    ['a missing contact', { inbox, contact: undefined as never }, 'contact must be a function'],
    [
      'an onError that is not a function',
      { inbox, contact, onError: 'log' as never },
      'onError must be a function',
    ],
  ])('throws at start-up for %s', (_name, options, message) => {
    const compile = () => compileOptions('chatwootIdentity', options);
    expect(compile).toThrow(TypeError);
    expect(compile).toThrow(message);
  });

  test('respond returns the identity for an allowed request and rejects other requests without calling contact', async () => {
    const counted = vi.fn(contact);
    const { respond } = compileOptions('chatwootIdentity', { inbox, contact: counted });
    const { status, body } = await respond(request);
    expect([status, JSON.parse(body)]).toEqual([200, expect.objectContaining({ identifier: 'ada' })]);
    expect((await respond({ method: 'POST', headers: {} })).status).toBe(405);
    expect(counted).toHaveBeenCalledTimes(1);
  });
});

describe('an error of contact or inbox', () => {
  const error = new Error('the session store is down');

  test('report and reportToApp pass the error and its request to onError', () => {
    const onError = vi.fn();
    const { report, reportToApp } = compileOptions('chatwootIdentity', { inbox, contact, onError });
    report(error, request);
    reportToApp(error, request);
    expect(onError.mock.calls).toEqual([
      [error, request],
      [error, request],
    ]);
  });

  test('without onError, report logs the error and reportToApp does not', () => {
    const logged = vi.spyOn(console, 'error').mockReturnValue();
    const { report, reportToApp } = compileOptions('chatwootIdentity', { inbox, contact });
    reportToApp(error, request);
    expect(logged).not.toHaveBeenCalled();
    report(error, request);
    expect(logged).toHaveBeenCalledExactlyOnceWith(expect.any(String), error);
    logged.mockRestore();
  });
});
