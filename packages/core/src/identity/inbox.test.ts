import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { identifierHash } from './hash.js';
import { compileInbox, type Inbox } from './inbox.js';

const HMAC_TOKEN = 'EPyYngFb62yBMWXaSCrUZoL9';
const inbox: Inbox = {
  hmacToken: HMAC_TOKEN,
  websiteToken: 'S7qSB2oFvtsTxvUmJrSLSdLr',
  baseUrl: 'https://chat.example.com',
};

/** Each row contains an inbox, the problem that the message states, and the fix that the message suggests. */
const unusable: [name: string, inbox: unknown, problem: string, fix: string][] = [
  ['is missing', undefined, 'inbox must be { hmacToken, websiteToken, baseUrl }', 'Copy it from Chatwoot'],
  ['is null', null, 'inbox must be {', 'Copy it from Chatwoot'],
  ['is a string', HMAC_TOKEN, 'inbox must be {', 'Copy it from Chatwoot'],
  ['has no hmacToken', { ...inbox, hmacToken: undefined }, 'hmacToken must be a string', 'environment'],
  [
    'misspells hmacToken',
    { hmactoken: HMAC_TOKEN, websiteToken: inbox.websiteToken, baseUrl: inbox.baseUrl },
    'inbox has no option "hmactoken".',
    'Write "hmacToken".',
  ],
  [
    'spells websiteToken as website_token',
    { ...inbox, websiteToken: undefined, website_token: inbox.websiteToken },
    'inbox has no option "website_token".',
    'Write "websiteToken".',
  ],
  [
    'misspells baseUrl',
    { ...inbox, baseUrl: undefined, baseURL: 'https://x.y' },
    '"baseURL"',
    'Write "baseUrl".',
  ],
  ['has an empty hmacToken', { ...inbox, hmacToken: '' }, 'hmacToken is empty', 'environment variable'],
  [
    'has a line break after hmacToken',
    { ...inbox, hmacToken: `${HMAC_TOKEN}\n` },
    'white space',
    'Remove it',
  ],
  ['has a masked hmacToken', { ...inbox, hmacToken: '\u2022'.repeat(24) }, 'masked', 'Reveal it'],
  ['has a space before hmacToken', { ...inbox, hmacToken: ` ${HMAC_TOKEN}` }, 'white space', 'Remove it'],
  ['has quotes around hmacToken', { ...inbox, hmacToken: `"${HMAC_TOKEN}"` }, 'quotes', 'Remove them'],
  ['has no websiteToken', { ...inbox, websiteToken: undefined }, 'websiteToken must be a string', 'Copy it'],
  ['has an empty websiteToken', { ...inbox, websiteToken: '' }, 'websiteToken is empty', 'Copy it'],
  ['has white space after websiteToken', { ...inbox, websiteToken: 'x ' }, 'websiteToken has', 'Remove it'],
  [
    'uses its website token as hmacToken',
    { ...inbox, websiteToken: HMAC_TOKEN },
    'public',
    'Identity Validation',
  ],
  ['has no baseUrl', { ...inbox, baseUrl: undefined }, 'inbox.baseUrl must be', 'https://app.chatwoot.com'],
  ['has a baseUrl without scheme', { ...inbox, baseUrl: 'chat.example.com' }, 'baseUrl must', 'https://'],
  ['has a baseUrl with white space', { ...inbox, baseUrl: `${inbox.baseUrl}\n` }, 'baseUrl must', 'https://'],
  [
    'has a javascript: URL as baseUrl',
    { ...inbox, baseUrl: 'javascript:alert(1)' },
    'baseUrl must',
    'https://',
  ],
  ['has a password in baseUrl', { ...inbox, baseUrl: 'https://a:pass9@x.y' }, 'without cred', 'https://'],
  ['has a query in baseUrl', { ...inbox, baseUrl: 'https://x.y?z' }, 'query or fragment', 'https://'],
];

describe('compileInbox', () => {
  it.each(unusable)('throws at start-up for an inbox that %s', (_name, value, problem, fix) => {
    const call = () => compileInbox(value as Inbox);
    expect(call).toThrow(TypeError);
    expect(call).toThrow(problem);
    expect(call).toThrow(fix);
    for (const secret of [HMAC_TOKEN, 'pass9']) expect(call).not.toThrow(secret);
  });

  it.each(unusable)(
    'rejects with inbox_invalid if the inbox function returns an inbox that %s',
    async (_name, value, problem, fix) => {
      const inboxFor = compileInbox(async () => value as Inbox);
      const error = await Promise.resolve(inboxFor({})).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ name: 'ChatwootIdentityError', code: 'inbox_invalid', status: 500 });
      expect(String(error)).toContain(problem);
      expect(String(error)).toContain(fix);
      for (const secret of [HMAC_TOKEN, 'pass9']) expect(inspect(error)).not.toContain(secret);
    },
  );

  it('accepts an HMAC token of any length, with spaces or with non-ASCII characters', async () => {
    for (const hmacToken of ['x', '\u043a\u043b\u044e\u0447', 'two words']) {
      const { sign } = await compileInbox({ ...inbox, hmacToken })({});
      expect(sign('user-1')).toBe(identifierHash(hmacToken, 'user-1'));
    }
  });

  it('accepts a database row with additional columns', async () => {
    const row = { id: 7, tenant: 'a', hmac_token: 'x', base_url: null, ...inbox };
    expect((await compileInbox(row)({})).sign('user-1')).toBe(identifierHash(HMAC_TOKEN, 'user-1'));
    expect((await compileInbox(() => row)({})).baseUrl).toBe(inbox.baseUrl);
  });

  it("removes slashes at the end of baseUrl, because Chatwoot's SDK adds a slash", async () => {
    const { baseUrl } = await compileInbox({ ...inbox, baseUrl: 'https://chat.example.com/sub//' })({});
    expect(baseUrl).toBe('https://chat.example.com/sub');
  });

  it('calls the inbox function for every request, so that a rotated token is used immediately', async () => {
    const tokens = ['old-token', 'new-token'];
    const asked: unknown[] = [];
    const inboxFor = compileInbox((request: { host: string }) => {
      asked.push(request);
      return { ...inbox, hmacToken: tokens.shift() ?? '' };
    });
    const request = { host: 'a.example.com' };
    expect((await inboxFor(request)).sign('user-1')).toBe(identifierHash('old-token', 'user-1'));
    expect((await inboxFor(request)).sign('user-1')).toBe(identifierHash('new-token', 'user-1'));
    expect(asked).toEqual([request, request]);
  });

  it('fails with the error of a synchronous or asynchronous inbox function', async () => {
    const failure = new Error('the vault is closed');
    const sync = compileInbox(() => {
      throw failure;
    });
    expect(() => sync({})).toThrow(failure);
    await expect(compileInbox(() => Promise.reject(failure))({})).rejects.toBe(failure);
  });

  it.each(['undefined', 'null', 'NaN', '[object Object]'])(
    'throws for the token %j, because it is the text of a missing value',
    (text) => {
      for (const name of ['hmacToken', 'websiteToken'] as const) {
        const call = () => compileInbox({ ...inbox, [name]: text });
        expect(call).toThrow(TypeError);
        expect(call).toThrow(`inbox.${name} is the text of a missing value`);
      }
    },
  );

  it('returns an inbox that does not reveal the HMAC token when it is printed', async () => {
    const prepared = await compileInbox(inbox)({});
    expect(inspect(prepared, { depth: null, showHidden: true })).not.toContain(HMAC_TOKEN);
    expect(JSON.stringify(prepared)).not.toContain(HMAC_TOKEN);
  });
});
