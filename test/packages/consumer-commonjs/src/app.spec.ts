import { ChatwootIdentityError, verifyIdentifierHash } from '@chatwoot-identity/core';
import { endpointAudits } from '@chatwoot-identity/diagnostics';
import { type Sandbox, startSandbox } from '@chatwoot-identity/sandbox';
import request from 'supertest';
import { createApp } from './app';

let sandbox: Sandbox;

beforeAll(async () => {
  jest.spyOn(console, 'warn').mockImplementation();
  sandbox = await startSandbox();
  process.env.CHATWOOT_HMAC_TOKEN = sandbox.hmacToken;
  process.env.CHATWOOT_WEBSITE_TOKEN = sandbox.websiteToken;
  process.env.CHATWOOT_BASE_URL = sandbox.baseUrl;
});

afterAll(() => sandbox.close());

it('signs only the user of the session', async () => {
  const agent = request.agent(createApp());
  await agent.get('/chatwoot/identity').expect(401);
  await agent.post('/login').expect(204);
  const { body } = await agent.get('/chatwoot/identity').expect(200);
  expect(verifyIdentifierHash(sandbox.hmacToken, 'user-1', body.identifier_hash)).toBe(true);
  expect(verifyIdentifierHash(sandbox.hmacToken, 'user-2', body.identifier_hash)).toBe(false);
});

it('injects the chat into the page', async () => {
  const { text } = await request(createApp()).get('/').expect(200);
  expect(text).toContain(sandbox.websiteToken);
});

it('exports subpaths and errors', () => {
  expect(endpointAudits).toBeInstanceOf(Function);
  expect(new ChatwootIdentityError('identifier_blank', '')).toBeInstanceOf(ChatwootIdentityError);
});

it('refuses to start if an environment variable is missing', () => {
  process.env.CHATWOOT_HMAC_TOKEN = '';
  expect(createApp).toThrow('inbox.hmacToken is empty');
});
