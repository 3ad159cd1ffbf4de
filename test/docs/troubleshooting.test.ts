import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { explainMismatch } from '@chatwoot-identity/diagnostics';
import { type ChatwootIdentityOptions, chatwootIdentity } from '@chatwoot-identity/express';
import { type Sandbox, startSandbox } from '@chatwoot-identity/sandbox';
import express from 'express';
import session from 'express-session';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { serving } from '../support/http.js';

const text = readFileSync(new URL('../../docs/troubleshooting.md', import.meta.url), 'utf8');
const identifier = "Ada O'Brien & Co ";
const email = 'ada@example.com';
const otherToken = 'AnotherInboxesToken12345';

let sandbox: Sandbox;
beforeAll(async () => {
  vi.spyOn(console, 'warn').mockReturnValue();
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const hmac = (key: string, message: string, algorithm = 'sha256') =>
  createHmac(algorithm, key).update(message);

/**
 * Sends the arguments of `setUser` to the sandbox. Returns the status of the response and the user of the
 * session afterwards.
 */
async function setUser(user: object) {
  const { baseUrl, websiteToken } = sandbox;
  const widget = await (await fetch(`${baseUrl}/widget?website_token=${websiteToken}`)).text();
  const session = /"authToken":"([^"]+)"/.exec(widget)![1]!;
  const { status } = await fetch(`${baseUrl}/api/v1/widget/contact/set_user?website_token=${websiteToken}`, {
    method: 'PATCH',
    headers: { 'x-auth-token': session, 'content-type': 'application/json' },
    body: JSON.stringify(user),
  });
  const me = await (await fetch(`${baseUrl}/sandbox/me`, { headers: { 'x-auth-token': session } })).json();
  return { status, me };
}

/** A hash for each mistake in the table of docs/troubleshooting.md. */
const mistakes: Record<string, (token: string) => string> = {
  swapped: (token) => hmac(identifier, token).digest('hex'),
  email_signed: (token) => hmac(token, email).digest('hex'),
  identifier_as_hash: () => identifier,
  token_as_hash: (token) => token,
  token_whitespace: (token) => hmac(`${token}\n`, identifier).digest('hex'),
  token_quoted: (token) => hmac(`"${token}"`, identifier).digest('hex'),
  website_token: () => hmac(sandbox.websiteToken, identifier).digest('hex'),
  other_token: () => hmac(otherToken, identifier).digest('hex'),
  identifier_case: (token) => hmac(token, identifier.toLowerCase()).digest('hex'),
  identifier_trimmed: (token) => hmac(token, identifier.trim()).digest('hex'),
  identifier_html_escaped: (token) =>
    hmac(token, identifier.replace('&', '&amp;').replace("'", '&#39;')).digest('hex'),
  upper_case: (token) => hmac(token, identifier).digest('hex').toUpperCase(),
  base64: (token) => hmac(token, identifier).digest('base64'),
  wrong_algorithm: (token) => hmac(token, identifier, 'sha1').digest('hex'),
  truncated: (token) => hmac(token, identifier).digest('hex').slice(0, 40),
  raw_bytes: (token) => hmac(token, identifier).digest().join(','),
  hash_wrapped: (token) => `"${hmac(token, identifier).digest('hex')}"`,
  hash_malformed: () => 'correct horse battery staple',
};

test.each([
  [
    '`inbox.hmacToken must be a string and is undefined`',
    'packages/core/src/identity/token.ts',
    ['must be a string and is'],
  ],
  [
    '`No known mistake produces this hash.`',
    'packages/cli/src/explain.ts',
    ['No known mistake produces this hash.'],
  ],
  [
    '`came from a cache. Exclude it from that cache`',
    'packages/browser/src/endpoint.ts',
    ['came from a cache', 'Exclude it from that cache'],
  ],
  [
    '`/chatwoot/identity returned 403, no identity`',
    'packages/browser/src/endpoint.ts',
    ['returned ', ', no identity'],
  ],
  [
    '`/chatwoot/identity returned 404, no identity`',
    'packages/browser/src/endpoint.ts',
    ['returned ', ', no identity', 'Check identityUrl'],
  ],
  [
    '`The page has the chat of another websiteToken. Reload it`',
    'packages/browser/src/report.ts',
    ['The page has the chat of another websiteToken. Reload it'],
  ],
  [
    '`a page was already compressed (Content-Encoding: gzip), so it was sent without the chat`',
    'packages/core/src/internal.ts',
    ['a page was already compressed (Content-Encoding: ', '), so it was sent without the chat'],
  ],
])('the heading %s in docs/troubleshooting.md is a message of these packages', (heading, path, parts) => {
  expect(text).toContain(`\n### ${heading}\n`);
  const source = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  for (const part of parts) expect(source).toContain(part);
});

test('the table of refused hashes in docs/troubleshooting.md lists the tested mistakes', () => {
  const codes = Array.from(text.matchAll(/^\| `(\w+)` /gm), ([, code]) => code);
  expect(codes).toEqual(Object.keys(mistakes));
});

test.each(Object.keys(mistakes))(
  'the sandbox refuses the hash, and explainMismatch returns the cause: %s',
  async (code) => {
    const { hmacToken, websiteToken } = sandbox;
    const identifierHash = mistakes[code]!(hmacToken);
    const { status, me } = await setUser({ identifier, identifier_hash: identifierHash, name: 'Ada' });
    expect([status, me]).toMatchObject([401, { identifier: null, hmac_verified: false }]);
    const { causes } = explainMismatch({
      ...{ hmacToken, websiteToken, identifier, identifierHash, email },
      otherTokens: { staging: otherToken },
    });
    expect(causes.map((cause) => cause.code)).toEqual([code]);
  },
);

test('the sandbox creates an unverified contact if the hash is passed as the identifier', async () => {
  const hash = hmac(sandbox.hmacToken, identifier).digest('hex');
  const { status, me } = await setUser({ identifier: hash, name: hash });
  expect([status, me]).toMatchObject([200, { identifier: hash, name: hash, hmac_verified: false }]);
});

/**
 * Returns the status of the endpoint for the signed-in user Ada. The app mounts the session before or after
 * the middleware.
 */
async function ask(order: 'before' | 'after', contact: ChatwootIdentityOptions['contact']): Promise<number> {
  const app = express();
  const ours = chatwootIdentity({ inbox: sandbox.inbox, contact, inject: true });
  const sessions = session({ secret: 'keyboard cat', resave: false, saveUninitialized: false });
  app.use(order === 'before' ? [ours, sessions] : [sessions, ours]);
  app.get('/login', (req, res) => {
    Object.assign(req.session, { user: { id: 'user-1' } });
    res.sendStatus(204);
  });
  app.use(((_error, _req, res, _next) => void res.sendStatus(500)) satisfies express.ErrorRequestHandler);

  return serving(createServer(app), async (url) => {
    const cookie = (await fetch(`${url}/login`)).headers.getSetCookie()[0]!.split(';')[0]!;
    return (await fetch(`${url}/chatwoot/identity`, { headers: { cookie } })).status;
  });
}

const strict: ChatwootIdentityOptions['contact'] = ({ session }) =>
  'user' in session && { identifier: (session.user as { id: string }).id };
const lenient: ChatwootIdentityOptions['contact'] = (req) => (req.session ? strict(req) : null);

test.each([
  ['500', strict, 500],
  ['401', lenient, 401],
])(
  'the endpoint responds with %s if the session is mounted after the middleware',
  async (_name, contact, status) => {
    expect(await ask('before', contact)).toBe(status);
  },
);

test('the endpoint responds with 200 if the session is mounted before the middleware', async () => {
  expect(await ask('after', strict)).toBe(200);
});
