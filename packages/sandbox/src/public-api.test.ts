import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from './index.js';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

const pair = (identifier: string) => ({
  identifier,
  identifier_hash: createHmac('sha256', sandbox.hmacToken).update(identifier).digest('hex'),
});
const wrong = { identifier: 'ada', identifier_hash: 'f'.repeat(64) };
const internal = { status: 500, error: 'Internal Server Error' };

async function request(method: string, path: string, params?: object) {
  const url = `${sandbox.baseUrl}/public/api/v1/inboxes/${sandbox.inboxIdentifier}${path}`;
  const response = await fetch(url, {
    method,
    headers: { 'Content-Type': 'application/json' },
    ...(params && { body: JSON.stringify(params) }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}
const query = (params: Record<string, string>) => `?${new URLSearchParams(params)}`;
const create = async (params: object = {}) => (await request('POST', '/contacts', params)).body;

it('shows any client whether identity validation is enforced', async () => {
  expect((await request('GET', '')).body).toMatchObject({ identity_validation_enabled: false });
  sandbox.hmacMandatory = true;
  const { body, headers } = await request('GET', '');
  expect(body).toMatchObject({ identifier: sandbox.inboxIdentifier, identity_validation_enabled: true });
  expect(headers.get('access-control-allow-origin')).toBe('*');
});

it('verifies a session through a GET with the identifier and its hash, but not when the contact is created', async () => {
  const contact = await create({ ...pair('ada'), name: 'Ada', email: 'ada@example.com' });
  expect(contact).toEqual({
    source_id: expect.any(String),
    pubsub_token: expect.any(String),
    id: expect.any(Number),
    name: 'Ada',
    email: 'ada@example.com',
    phone_number: null,
  });
  expect(sandbox.contacts[0]?.identifier).toBe('ada');
  expect(sandbox.sessions[0]?.hmacVerified).toBe(false);
  expect((await request('GET', `/contacts/${contact.source_id}${query(pair('ada'))}`)).status).toBe(200);
  expect(sandbox.sessions[0]?.hmacVerified).toBe(true);
});

it('responds with 500 instead of 401 to a wrong hash, on every route', async () => {
  const { source_id } = await create();
  const answers = [
    await request('POST', '/contacts', wrong),
    await request('GET', `/contacts/${source_id}${query(wrong)}`),
    await request('PATCH', `/contacts/${source_id}`, wrong),
  ];
  for (const { status, body } of answers) expect([status, body]).toEqual([500, internal]);
  expect(sandbox.record.filter(({ type }) => type === 'contact_update')).toMatchObject([
    { status: 200, verified: false },
    { status: 500, verified: false, identifier: 'ada' },
    { status: 500, verified: false, identifier: 'ada' },
    { status: 500, verified: false, identifier: 'ada' },
  ]);
});

it('responds with 500 to a missing hash under enforcement', async () => {
  const { source_id } = await create();
  sandbox.hmacMandatory = true;
  expect((await request('POST', '/contacts', { identifier: 'ada' })).status).toBe(500);
  expect((await request('GET', `/contacts/${source_id}`)).status).toBe(500);
  expect((await request('GET', `/contacts/${source_id}/conversations`)).status).toBe(200);
});

it('accepts the identifier and hash of any user for the contact in the URL', async () => {
  const { source_id } = await create({ identifier: 'grace', name: 'Grace' });
  const answer = await request('PATCH', `/contacts/${source_id}`, { ...pair('ada'), name: 'Renamed' });
  expect(answer.body).toMatchObject({ name: 'Renamed' });
  expect(sandbox.sessions[0]).toMatchObject({ hmacVerified: true, contact: { identifier: 'grace' } });
});

it('finds a contact by its identifier', async () => {
  const first = await create({ identifier: 'ada', name: 'Ada' });
  const second = await create({ identifier: 'ada', name: 'Ada' });
  expect(second.id).toBe(first.id);
  expect(second.source_id).not.toBe(first.source_id);
});

it('accepts conversations and messages without a hash', async () => {
  const { source_id } = await create({ name: 'Ada' });
  sandbox.hmacMandatory = true;
  const { body: conversation } = await request('POST', `/contacts/${source_id}/conversations`);
  const messages = `/contacts/${source_id}/conversations/${conversation.id}/messages`;
  expect((await request('POST', messages, { content: 'hello' })).body).toMatchObject({ content: 'hello' });
  sandbox.reply(sandbox.sessions[0]!.id, 'hi');
  const { body } = await request('GET', messages);
  expect(body.map((message: { content: string }) => message.content)).toEqual(['hello', 'hi']);
  const { source_id: other } = await create({ name: 'Eve' }).catch(() => ({ source_id: 'unknown' }));
  expect((await request('GET', messages.replace(source_id, other))).status).toBe(404);
});

it('responds with 404 to an unknown inbox or source id', async () => {
  const url = `${sandbox.baseUrl}/public/api/v1/inboxes/unknown`;
  expect((await fetch(url)).status).toBe(404);
  const { status, body } = await request('GET', '/contacts/unknown');
  expect([status, body]).toEqual([404, { error: 'Resource could not be found' }]);
});

it.each([
  ['an invalid email', { email: 'nonsense' }, 'email'],
  ['an invalid phone number', { phone_number: '0123' }, 'phone_number'],
  ['a name over 255 characters', { name: 'n'.repeat(256) }, 'name'],
])('responds with 422 to %s, and creates or changes nothing', async (_name, params, attribute) => {
  const refusal = { message: expect.any(String), attributes: [attribute] };
  const created = await request('POST', '/contacts', params);
  expect([created.status, created.body]).toEqual([422, refusal]);
  expect(sandbox.contacts).toEqual([]);
  const { source_id } = await create({ name: 'Ada' });
  const updated = await request('PATCH', `/contacts/${source_id}`, { name: 'Grace', ...params });
  expect([updated.status, updated.body]).toEqual([422, refusal]);
  expect(sandbox.contacts).toMatchObject([{ name: 'Ada', email: null, phoneNumber: null }]);
  expect(sandbox.record.at(-1)).toMatchObject({ type: 'contact_update', status: 422 });
});
