import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { verifyWebhook } from './webhook.js';

const secret = 'GnMB1bobzjcUkCTGRBI2oOZS';
const body = '{"event":"message_created","content":"caf\u00e9"}';
const now = () => Math.floor(Date.now() / 1000);

/** Returns the headers of a webhook as Chatwoot sends them. */
function signed(timestamp: number | string = now(), raw: string = body, key = secret) {
  const signature = createHmac('sha256', key).update(`${timestamp}.${raw}`).digest('hex');
  return { 'x-chatwoot-timestamp': String(timestamp), 'x-chatwoot-signature': `sha256=${signature}` };
}

test('the test webhooks have the signature that openssl computes', () => {
  // From the command: printf '1700000000.{}' | openssl dgst -sha256 -hmac secret
  expect(signed(1_700_000_000, '{}', 'secret')['x-chatwoot-signature']).toBe(
    'sha256=b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163',
  );
});

test.each([
  ['a string', body],
  ['a Buffer', Buffer.from(body)],
  ['a Uint8Array', new TextEncoder().encode(body)],
])('verifyWebhook accepts a valid signature if the body is %s', (_what, raw) => {
  expect(verifyWebhook(raw, signed(), secret)).toBe(true);
});

test('verifyWebhook reads the headers of a web Request and of a Node request', () => {
  expect(verifyWebhook(body, new Headers(signed()), secret)).toBe(true);
  expect(verifyWebhook(body, { ...signed(), host: 'x', 'set-cookie': ['a', 'b'] }, secret)).toBe(true);
});

test.each([-290, 0, 290])(
  'verifyWebhook accepts a timestamp that differs from the current time by %i seconds',
  (seconds) => {
    expect(verifyWebhook(body, signed(now() + seconds), secret)).toBe(true);
  },
);

test.each([-310, 310, -1e9])(
  'verifyWebhook rejects a timestamp that differs from the current time by %i seconds',
  (seconds) => {
    expect(verifyWebhook(body, signed(now() + seconds), secret)).toBe(false);
  },
);

const right = signed();
test.each<[what: string, headers: Record<string, string | string[]>]>([
  ['no headers', {}],
  ['no signature', { 'x-chatwoot-timestamp': right['x-chatwoot-timestamp'] }],
  ['no timestamp', { 'x-chatwoot-signature': right['x-chatwoot-signature'] }],
  ['a signature that was made with another secret', signed(now(), body, 'another')],
  ['a signature of another body', signed(now(), `${body} `)],
  ['a signature of another timestamp', { ...right, 'x-chatwoot-timestamp': String(now() - 1) }],
  ['a timestamp in milliseconds', signed(Date.now())],
  ['a timestamp that is not a number', signed('soon')],
  ['an empty timestamp', signed('')],
  ['a timestamp with white space', signed(` ${now()}`)],
  [
    'a signature without its prefix',
    { ...right, 'x-chatwoot-signature': right['x-chatwoot-signature'].slice(7) },
  ],
  [
    'a signature in upper case',
    { ...right, 'x-chatwoot-signature': right['x-chatwoot-signature'].toUpperCase() },
  ],
  ['a truncated signature', { ...right, 'x-chatwoot-signature': right['x-chatwoot-signature'].slice(0, -2) }],
  ['an empty signature', { ...right, 'x-chatwoot-signature': 'sha256=' }],
  [
    'a repeated signature',
    { ...right, 'x-chatwoot-signature': Array(2).fill(right['x-chatwoot-signature']) },
  ],
])('verifyWebhook rejects a webhook with %s', (_what, headers) => {
  expect(verifyWebhook(body, headers, secret)).toBe(false);
});

test.each([undefined, null, {}, { event: 'message_created' }, 42, []])(
  'verifyWebhook throws a TypeError that mentions express.raw if the body is %j',
  (raw) => {
    expect(() => verifyWebhook(raw as string, signed(), secret)).toThrow(TypeError);
    expect(() => verifyWebhook(raw as string, signed(), secret)).toThrow(/express\.raw/);
  },
);

test.each([undefined, null, 42, '', ' ', 'undefined', `${secret}\n`, `"${secret}"`])(
  'verifyWebhook throws a TypeError for the secret %j, without the secret in the message',
  (wrong) => {
    const verify = () => verifyWebhook(body, signed(), wrong as string);
    expect(verify).toThrow(TypeError);
    expect(verify).toThrow(/^secret /);
    expect(verify).not.toThrow(new RegExp(secret));
  },
);
