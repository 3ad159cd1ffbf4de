import { once } from 'node:events';
import { get } from 'node:http';
import { inspect } from 'node:util';
import { afterEach, expect, it, vi } from 'vitest';
import { startSandbox } from './index.js';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it('starts on loopback with random tokens, and writes one warning to stderr', async () => {
  const warn = vi.spyOn(console, 'warn');
  const [one, two] = [await startSandbox(), await startSandbox()];
  expect(one.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(one.hmacToken).toMatch(/^[1-9A-HJ-NP-Za-km-z]{24}$/);
  expect(one.inbox).toEqual({
    hmacToken: one.hmacToken,
    websiteToken: one.websiteToken,
    baseUrl: one.baseUrl,
  });
  expect(two.hmacToken).not.toBe(one.hmacToken);
  expect(warn).toHaveBeenCalledTimes(2);
  expect(warn.mock.calls[0]).toEqual([expect.stringContaining('development and tests only')]);
  await Promise.all([one.close(), two.close()]);
});

it('uses the tokens and the port from its options', async () => {
  const free = await startSandbox();
  await free.close();
  const port = Number(new URL(free.baseUrl).port);
  const sandbox = await startSandbox({ port, hmacToken: 'key', websiteToken: 'web', hmacMandatory: true });
  expect(sandbox).toMatchObject({
    baseUrl: free.baseUrl,
    hmacToken: 'key',
    websiteToken: 'web',
    hmacMandatory: true,
  });
  await expect(startSandbox({ port })).rejects.toThrow('EADDRINUSE');
  await sandbox.close();
});

it.each([
  [{ hmacToken: '' }, '"hmacToken" must be a non-empty string; leave it out to use a random one.'],
  [{ generation: '4.17' }, `"generation" must be '4.16' or '4.18'; leave it out to use '4.18'.`],
  [{ webhook: { url: 'localhost', secret: 's' } }, '"webhook.url" must be an http or https address.'],
  [
    { webhook: { url: 'http://127.0.0.1/', secret: '' } },
    '"webhook.secret" must be a non-empty string: the receiver verifies signatures with it.',
  ],
])('refuses %j with a message that says which value to pass', async (options, message) => {
  await expect(startSandbox(options as object)).rejects.toThrow(new TypeError(message));
});

it('refuses to start in production', async () => {
  vi.stubEnv('NODE_ENV', 'production');
  await expect(startSandbox()).rejects.toThrow('development and tests');
});

it('close() closes open streams, rejects pending until() calls, and may be called again', async () => {
  const sandbox = await startSandbox();
  const request = get(`${sandbox.baseUrl}/sandbox/events`);
  const [response] = await once(request, 'response');
  const [chunk] = await once(response, 'data');
  expect(String(chunk)).toContain('event: state');
  const waiting = sandbox.until(() => false);
  const ended = once(response, 'close');
  await sandbox.close();
  await ended;
  await sandbox.close();
  await expect(waiting).rejects.toThrow('closed before an event matched');
});

it('until() resolves with past and future events, and rejects if its predicate throws', async () => {
  const sandbox = await startSandbox();
  const open = () => fetch(`${sandbox.baseUrl}/widget?website_token=${sandbox.websiteToken}`);
  const future = sandbox.until((event) => event.type === 'session_created');
  await open();
  expect(await future).toBe(sandbox.record[0]);
  expect(await sandbox.until((event) => event.type === 'session_created')).toBe(sandbox.record[0]);
  const failing = sandbox.until((event) => {
    if (event.index === 1) throw new Error('mine');
    return false;
  });
  expect((await open()).status).toBe(200);
  await expect(failing).rejects.toThrow('mine');
  await sandbox.close();
});

it('hides the secrets of sessions from util.inspect', async () => {
  const sandbox = await startSandbox();
  const page = await fetch(`${sandbox.baseUrl}/widget?website_token=${sandbox.websiteToken}`);
  const { pubsubToken } = JSON.parse((await page.text()).match(/id="config">(.*?)<\/script>/)?.[1] ?? '');
  expect(pubsubToken).toEqual(expect.any(String));
  const all = [sandbox.sessions, sandbox.conversations, sandbox.contacts, sandbox.record];
  expect(inspect(all, { depth: 9, showHidden: true })).not.toContain(pubsubToken);
  await sandbox.close();
});

it("serves the routes of the agent's page only to that page and only on a loopback name", async () => {
  const sandbox = await startSandbox();
  const status = (headers: Record<string, string>) =>
    new Promise((resolve) => {
      get(`${sandbox.baseUrl}/sandbox/events`, { headers }, (response) => {
        resolve(response.statusCode);
        response.destroy();
      });
    });
  expect(await status({})).toBe(200);
  expect(await status({ 'Sec-Fetch-Site': 'cross-site' })).toBe(403);
  expect(await status({ 'Sec-Fetch-Site': 'same-site' })).toBe(403);
  expect(await status({ Host: 'rebound.example.com' })).toBe(403);
  await sandbox.close();
});

it("lets the agent's page switch enforcement, rotate the token and send replies", async () => {
  const sandbox = await startSandbox();
  await fetch(`${sandbox.baseUrl}/widget?website_token=${sandbox.websiteToken}`);
  const ask = (method: string, path: string, body: object = {}) =>
    fetch(`${sandbox.baseUrl}/sandbox/${path}`, {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  await ask('PATCH', 'inbox', { hmac_mandatory: true });
  expect(sandbox.hmacMandatory).toBe(true);
  const old = sandbox.hmacToken;
  await ask('POST', 'inbox/rotate_hmac_token');
  expect(sandbox.hmacToken).not.toBe(old);
  await ask('POST', `sessions/${sandbox.sessions[0]?.id}/messages`, { content: 'hello' });
  expect(sandbox.conversations[0]?.messages).toMatchObject([{ from: 'agent', content: 'hello' }]);
  expect((await ask('POST', 'sessions/999/messages', { content: 'hello' })).status).toBe(404);
  expect(sandbox.record.map(({ type }) => type)).toEqual([
    'session_created',
    'inbox_updated',
    'hmac_token_rotated',
    'conversation_created',
    'message_created',
  ]);
  await sandbox.close();
});

it('serves the SDK to any origin', async () => {
  const sandbox = await startSandbox();
  const script = await fetch(`${sandbox.baseUrl}/packs/js/sdk.js`);
  expect(script.headers.get('access-control-allow-origin')).toBe('*');
  expect(script.headers.get('content-type')).toContain('javascript');
  expect(await script.text()).toContain('chatwootSDK');
  await sandbox.close();
});
