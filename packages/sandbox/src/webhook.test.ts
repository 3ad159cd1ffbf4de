import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from './index.js';

interface Delivery {
  headers: IncomingHttpHeaders;
  body: string;
  // biome-ignore lint/suspicious/noExplicitAny: any JSON
  payload: any;
}

const secret = 'webhook-secret';
let status = 200;
let deliveries: Delivery[] = [];
const receiver = createServer(async (request, response) => {
  const body = await text(request);
  deliveries.push({ headers: request.headers, body, payload: JSON.parse(body) });
  response.writeHead(status).end();
  receiver.emit('delivery');
});

let sandbox: Sandbox;
beforeEach(async () => {
  status = 200;
  deliveries = [];
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`;
  sandbox = await startSandbox({ webhook: { url, secret } });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await sandbox.close();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

/** Resolves with all deliveries as soon as the receiver has received `count` deliveries. */
async function received(count: number): Promise<Delivery[]> {
  while (deliveries.length < count) await once(receiver, 'delivery');
  return deliveries;
}

/**
 * Opens the chat in a new browser session. Returns a function that sends a request as the widget of that
 * session.
 */
async function openWidget() {
  const query = `?website_token=${sandbox.websiteToken}`;
  const page = await (await fetch(`${sandbox.baseUrl}/widget${query}`)).text();
  const { authToken } = JSON.parse(page.match(/id="config">(.*?)<\/script>/)?.[1] ?? '');
  return (method: string, path: string, params: object) =>
    fetch(`${sandbox.baseUrl}/api/v1/widget${path}${query}`, {
      method,
      headers: { 'X-Auth-Token': authToken, 'Content-Type': 'application/json' },
      body: JSON.stringify(params),
    });
}
const signed = (identifier: string) => ({
  identifier,
  identifier_hash: createHmac('sha256', sandbox.hmacToken).update(identifier).digest('hex'),
});

it('signs the time and the raw body of each event, and adds a delivery id', async () => {
  const request = await openWidget();
  await request('PATCH', '/contact', { name: 'Zo\u00eb \u{1f600}' });
  const [created, updated] = await received(2);
  for (const { headers, body } of [created!, updated!]) {
    const timestamp = headers['x-chatwoot-timestamp'];
    const hmac = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
    expect(headers['x-chatwoot-signature']).toBe(`sha256=${hmac}`);
    expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(300);
    expect(headers['x-chatwoot-delivery']).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(headers['content-type']).toBe('application/json');
  }
  expect(created!.headers['x-chatwoot-delivery']).not.toBe(updated!.headers['x-chatwoot-delivery']);
});

it('sends hmac_verified of the session with conversations and messages', async () => {
  for (const params of [signed('ada'), { identifier: 'eve', name: 'Eve' }]) {
    const request = await openWidget();
    await request('PATCH', '/contact/set_user', params);
    await request('POST', '/conversations', { message: { content: 'hello' } });
    await request('POST', '/conversations/set_custom_attributes', { custom_attributes: { order: 7 } });
  }
  const all = (await received(10)).map(({ payload }) => payload);
  const events = ['contact_created', 'contact_updated', 'conversation_created', 'message_created'];
  expect(all.map(({ event }) => event)).toEqual([
    ...[...events, 'conversation_updated'],
    ...[...events, 'conversation_updated'],
  ]);
  for (const [index, verified] of [true, false].entries()) {
    const [, contact, created, message, updated] = all.slice(index * 5);
    const sender = { identifier: verified ? 'ada' : 'eve' };
    expect(contact).toMatchObject(sender);
    expect(contact).not.toHaveProperty('hmac_verified');
    for (const conversation of [created, message.conversation, updated]) {
      expect(conversation.meta).toMatchObject({ hmac_verified: verified, sender });
      expect(conversation.contact_inbox).toMatchObject({ hmac_verified: verified });
    }
    expect(message).toMatchObject({ content: 'hello', message_type: 'incoming', sender });
    expect(updated.custom_attributes).toEqual({ order: 7 });
  }
});

it('sends contact_updated with the changes, and sends nothing if nothing changed', async () => {
  const request = await openWidget();
  await request('PATCH', '/contact', { name: 'Ada' });
  await request('PATCH', '/contact', { name: 'Ada' });
  await request('PATCH', '/contact', { email: 'ada@example.com' });
  const [, , updated] = (await received(3)).map(({ payload }) => payload);
  expect(updated).toMatchObject({
    event: 'contact_updated',
    changed_attributes: [{ email: { previous_value: null, current_value: 'ada@example.com' } }],
  });
});

it('logs a failed delivery once for each event, without the secret, and continues with the next event', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  status = 500;
  const request = await openWidget();
  await received(1);
  status = 200;
  await request('PATCH', '/contact', { name: 'Ada' });
  await received(2);
  const { origin } = new URL(`http://${deliveries[0]!.headers.host}`);
  expect(warn.mock.calls).toEqual([
    [`The webhook receiver at ${origin} responded with 500; contact_created will not be sent again.`],
  ]);
});
