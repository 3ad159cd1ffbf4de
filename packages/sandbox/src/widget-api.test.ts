import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from './index.js';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

const sign = (identifier: string, hmacToken = sandbox.hmacToken) =>
  createHmac('sha256', hmacToken).update(identifier).digest('hex');

interface Answer {
  status: number;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: any JSON
  body: any;
}

/** Simulates a browser that opens the widget and stores the session token as the iframe does. */
async function openWidget(cookie = '') {
  const url = `${sandbox.baseUrl}/widget?website_token=${sandbox.websiteToken}`;
  const page = await (await fetch(cookie ? `${url}&cw_conversation=${cookie}` : url)).text();
  const config = JSON.parse(page.match(/id="config">(.*?)<\/script>/)?.[1] ?? '');
  const browser = {
    token: config.authToken as string,
    sessionId: sandbox.sessions.at(-1)!.id,
    async request(method: string, path: string, body?: unknown, token?: string): Promise<Answer> {
      const query = `?website_token=${sandbox.websiteToken}`;
      const response = await fetch(`${sandbox.baseUrl}/api/v1/widget${path}${query}`, {
        method,
        headers: { 'X-Auth-Token': token ?? browser.token, 'Content-Type': 'application/json' },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, text, body: text ? JSON.parse(text) : undefined };
    },
    async setUser(params: unknown): Promise<Answer> {
      const answer = await browser.request('PATCH', '/contact/set_user', params);
      browser.token = answer.body?.widget_auth_token ?? browser.token;
      return answer;
    },
    say: (content: string): Promise<Answer> => browser.request('POST', '/messages', { message: { content } }),
    async reads(): Promise<string[]> {
      const { body } = await browser.request('GET', '/messages');
      return body.payload.map((message: { content: string }) => message.content);
    },
    /** Returns the visitor of the token's current session. */
    async session() {
      const me = await fetch(`${sandbox.baseUrl}/sandbox/me`, { headers: { 'X-Auth-Token': browser.token } });
      return (await me.json()) as { identifier: string; email: string; name: string; hmac_verified: boolean };
    },
  };
  return browser;
}

const refusal = { error: 'HMAC failed: Invalid Identifier Hash Provided' };
const signed = (identifier: string, rest: object = {}) => ({
  identifier,
  identifier_hash: sign(identifier),
  ...rest,
});

describe("the results for 44 identifiers equal those of Chatwoot's Ruby code", () => {
  const tooLong = {
    message: 'Identifier is too long (maximum is 255 characters)',
    attributes: ['identifier'],
  };
  const stored = [
    'user-1',
    ' user-1',
    'user-1 ',
    'user-1\n',
    'user-1\r\n',
    'user\t1',
    'user\u200b1',
    '\ufeffuser-1',
    '007',
    '42',
    'ada@example.com',
    'ADA@EXAMPLE.COM',
    'caf\u00e9',
    'cafe\u0301',
    '\u65e5\u672c\u8a9e\u30e6\u30fc\u30b6\u30fc',
    '\u0645\u0633\u062a\u062e\u062f\u0645',
    '\u{1f469}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}',
    '\u{1d4b3}',
    '"a\'b\\c',
    '</script><b>&amp;',
    '%E2%82%AC a+b',
    'a\u2028b',
    'a\0b',
    'x'.repeat(255),
    '\u{1f600}'.repeat(255),
  ];
  const rows: [name: string, identifier: unknown, status: number, verified: boolean, kept: string | null][] =
    [
      ...stored.map((text): [string, unknown, number, boolean, string | null] => [
        JSON.stringify(text).slice(0, 40),
        text,
        200,
        true,
        text,
      ]),
      ['empty string', '', 200, true, null],
      ['single space', ' ', 200, true, null],
      ['NBSP only', '\u00a0', 200, true, null],
      ['lone high surrogate', 'a\ud83d', 400, false, null],
      ['256 characters', 'x'.repeat(256), 422, true, null],
      ['10000 characters', 'y'.repeat(10_000), 422, true, null],
      ['number 42', 42, 200, true, '42'],
      ['number 7.0', 7.0, 200, true, '7'],
      ['number 1.5', 1.5, 200, true, '1.5'],
      ['number -0', -0, 200, true, '0'],
      ['number 1e21', 1e21, 401, false, null],
      ['number 1e-7', 1e-7, 401, false, null],
      ['number 123e-20', 123e-20, 200, true, '1.23e-18'],
      ['number 2^53+1', 2 ** 53, 200, true, '9007199254740992'],
      ['number NaN', Number.NaN, 401, false, null],
      ['number Infinity', Number.POSITIVE_INFINITY, 401, false, null],
      ['boolean true', true, 200, true, 't'],
      ['null', null, 401, false, null],
      ['array ["a"]', ['a'], 401, false, null],
      ['object {id:1}', { id: 1 }, 401, false, null],
    ];

  it.each(rows)(
    'accepts, refuses and stores the identifier as Chatwoot does: %s',
    async (_name, identifier, status, verified, kept) => {
      const browser = await openWidget();
      const answer = await browser.setUser({ identifier, identifier_hash: sign(String(identifier)) });
      expect(answer.status).toBe(status);
      if (status === 400) expect(answer.text).toBe('');
      if (status === 401) expect(answer.body).toEqual(refusal);
      if (status === 422) expect(answer.body).toEqual(tooLong);
      const session = await browser.session();
      expect(session).toMatchObject({ hmac_verified: verified, identifier: kept });
      expect(sandbox.record.at(-1)).toMatchObject({ type: 'set_user', status, hmacVerified: verified });
    },
  );
});

it('accepts every vector made by PHP, Ruby, Elixir, Go, Python and Node', async () => {
  const file = new URL('../../../test/vectors/chatwoot-hmac.json', import.meta.url);
  const vectors: { hmacToken: string; identifier: string; identifierHash: string }[] = JSON.parse(
    await readFile(file, 'utf8'),
  );
  expect(vectors.length).toBeGreaterThan(100);
  const first = sandbox;
  for (const { hmacToken, identifier, identifierHash } of vectors) {
    sandbox = await startSandbox({ hmacToken });
    const browser = await openWidget();
    const right = await browser.setUser({ identifier, identifier_hash: identifierHash });
    const wrong = await browser.setUser({ identifier, identifier_hash: sign(`${identifier}!`) });
    const accepted = [...identifier].length > 255 ? 422 : 200; // 422 means that the hash was accepted and the identifier is too long
    expect([identifier, right.status, wrong.status]).toEqual([identifier, accepted, 401]);
    expect(sandbox.sessions[0]?.hmacVerified).toBe(true);
    await sandbox.close();
  }
  sandbox = first;
});

it('accepts the hash in Chatwoot issue 4798', async () => {
  await sandbox.close();
  sandbox = await startSandbox({ hmacToken: 'wyHVRZzzJhjPMKR2h7LpeJVy' });
  const identifier_hash = '45e289a669fbb7b4f7c09b3c68734dd9c52d508aba109dc7543c8133e0ec98be';
  const browser = await openWidget();
  expect((await browser.setUser({ identifier: 'test', identifier_hash })).status).toBe(200);
});

describe('the widget API', () => {
  const hash = () => sign('ada');
  it.each([
    ['a hash in upper case', () => hash().toUpperCase()],
    ['a hash with leading white space', () => ` ${hash()}`],
    ['a hash with trailing white space', () => `${hash()}\n`],
    ['a hash in base64', () => Buffer.from(hash(), 'hex').toString('base64')],
    ['a hash with the prefix sha256=', () => `sha256=${hash()}`],
    ['a hash with key and message swapped', () => sign(sandbox.hmacToken, 'ada')],
    ["a hash made with another inbox's token", () => sign('ada', 'another-token')],
    ['a hash made with a newline after the token', () => sign('ada', `${sandbox.hmacToken}\n`)],
    ["another user's hash", () => sign('grace')],
    ['a list as the hash', () => [hash()]],
    ['a number as the hash', () => 7],
    ['a hash of 64 characters outside ASCII', () => '\u00e9'.repeat(64)],
    ['the HMAC token as the hash', () => sandbox.hmacToken],
  ])('refuses %s with 401 and changes nothing', async (_name, identifierHash) => {
    const browser = await openWidget();
    const before = await browser.session();
    const answer = await browser.setUser({
      identifier: 'ada',
      name: 'Ada',
      identifier_hash: identifierHash(),
    });
    expect([answer.status, answer.body]).toEqual([401, refusal]);
    expect(await browser.session()).toEqual(before);
    expect(JSON.stringify(sandbox.record)).not.toContain(hash());
  });
});

describe('the requirement of a hash', () => {
  const cases: [name: string, params: object, status: number, enforcedStatus: number][] = [
    ['no hash', { identifier: 'ada', name: 'Ada' }, 200, 401],
    ['a blank hash', { identifier: 'ada', identifier_hash: ' ' }, 200, 401],
    ['a false hash', { identifier: 'ada', identifier_hash: false }, 200, 401],
    ['no identifier', { email: 'ada@example.com' }, 200, 401],
    ['no identifier, but custom attributes', { custom_attributes: { plan: 'pro' } }, 200, 200],
    ['a wrong hash', { identifier: 'ada', identifier_hash: 'f'.repeat(64) }, 401, 401],
  ];
  it.each(cases)(
    'accepts or refuses set_user with %s, without and under enforcement',
    async (_name, params, status, enforcedStatus) => {
      const browser = await openWidget();
      expect((await browser.setUser(params)).status).toBe(status);
      expect((await browser.session()).hmac_verified).toBe(false);
      sandbox.hmacMandatory = true;
      expect((await (await openWidget()).setUser(params)).status).toBe(enforcedStatus);
    },
  );

  it('verifies a set_user with the right hash, without and under enforcement', async () => {
    sandbox.hmacMandatory = true;
    const browser = await openWidget();
    expect((await browser.setUser(signed('ada', { name: 'Ada' }))).status).toBe(200);
    expect(await browser.session()).toMatchObject({ name: 'Ada', hmac_verified: true });
  });

  it('requires a hash in an update only if it contains an identifier', async () => {
    sandbox.hmacMandatory = true;
    const browser = await openWidget();
    const update = (params: object) => browser.request('PATCH', '/contact', params);
    expect((await update({ name: 'Ada' })).status).toBe(200);
    expect((await update({ identifier: 'ada' })).status).toBe(401);
    expect((await update(signed('ada'))).status).toBe(200);
    sandbox.hmacMandatory = false;
    expect((await update({ identifier: 'ada', identifier_hash: 'wrong' })).status).toBe(401);
  });

  it('accepts anonymous visitors, their messages and their reads under enforcement (Chatwoot issue 9493)', async () => {
    sandbox.hmacMandatory = true;
    const browser = await openWidget();
    const contact = { email: 'somebody@example.com' };
    const started = await browser.request('POST', '/conversations', { contact, message: { content: 'hi' } });
    expect(started.status).toBe(200);
    expect(sandbox.record.map(({ type }) => type)).toContain('contact_update');
    expect((await browser.say('still here')).status).toBe(200);
    expect((await browser.request('GET', '/contact')).status).toBe(200);
    expect(sandbox.conversations[0]).toMatchObject({ hmacVerified: false, contact });
  });

  it('keeps a session verified if a later set_user has no hash', async () => {
    const browser = await openWidget();
    await browser.setUser(signed('ada', { name: 'Ada' }));
    await browser.setUser({ identifier: 'ada', name: 'Countess' });
    expect(await browser.session()).toMatchObject({ name: 'Countess', hmac_verified: true });
    expect(sandbox.record.at(-1)).toMatchObject({ verified: false, hmacVerified: true });
  });

  it('refuses hashes of the old token after a rotation', async () => {
    const old = signed('ada', { name: 'Ada' });
    const token = sandbox.rotateHmacToken();
    expect(token).toBe(sandbox.inbox.hmacToken);
    expect(token).toMatch(/^[1-9A-HJ-NP-Za-km-z]{24}$/);
    const browser = await openWidget();
    expect((await browser.setUser(old)).status).toBe(401);
    expect((await browser.setUser(signed('ada'))).status).toBe(200);
  });
});

it.each([
  ['broken JSON', '{'],
  ['a body that is not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
])('responds with 400 and an empty body to %s', async (_name, body) => {
  const { token } = await openWidget();
  const url = `${sandbox.baseUrl}/api/v1/widget/contact/set_user?website_token=${sandbox.websiteToken}`;
  const headers = { 'X-Auth-Token': token, 'Content-Type': 'application/json' };
  const answer = await fetch(url, { method: 'PATCH', headers, body });
  expect([answer.status, await answer.text()]).toEqual([400, '']);
  expect(sandbox.record.at(-1)).toMatchObject({ type: 'set_user', status: 400 });
});

describe('the widget API', () => {
  const missing = { error: 'Resource could not be found' };
  it.each([
    ['no session token', ''],
    ['an invalid session token', 'a.b.c'],
    ['a modified session token', 'x'],
  ])('responds with 404 to %s', async (_name, token) => {
    const browser = await openWidget();
    const answer = await browser.request(
      'PATCH',
      '/contact/set_user',
      signed('ada'),
      token && browser.token + token,
    );
    expect([answer.status, answer.body]).toEqual([404, missing]);
    expect(sandbox.record.at(-1)).toMatchObject({ type: 'set_user', status: 404 });
  });

  it('responds with 404 to a wrong website token, with different bodies for the iframe and the API', async () => {
    const page = await fetch(`${sandbox.baseUrl}/widget?website_token=wrong`);
    expect([page.status, await page.json()]).toEqual([404, { error: 'web widget does not exist' }]);
    const { token } = await openWidget();
    const url = `${sandbox.baseUrl}/api/v1/widget/contact?website_token=wrong`;
    const answer = await fetch(url, { headers: { 'X-Auth-Token': token } });
    expect([answer.status, await answer.json()]).toEqual([404, missing]);
  });

  it('responds with 404 to a base URL with a trailing slash', async () => {
    const page = await fetch(`${sandbox.baseUrl}//widget?website_token=${sandbox.websiteToken}`);
    expect(page.status).toBe(404);
  });
});

describe('sessions', () => {
  it('continues a session with its token, and returns the same token', async () => {
    const first = await openWidget();
    await first.setUser(signed('ada', { name: 'Ada' }));
    const second = await openWidget(first.token);
    expect(second.token).toBe(first.token);
    expect(sandbox.sessions).toHaveLength(1);
    expect(sandbox.record.at(-1)).toMatchObject({ type: 'session_resumed', sessionId: first.sessionId });
    expect(await second.session()).toMatchObject({ name: 'Ada', hmac_verified: true });
  });

  it('starts a new session, without an error, for a token of another inbox', async () => {
    await openWidget('eyJhbGciOiJIUzI1NiJ9.eyJzb3VyY2VfaWQiOiJ4In0.c2ln');
    expect(sandbox.record.map(({ type }) => type)).toEqual(['session_created']);
    expect(sandbox.contacts[0]).toMatchObject({
      identifier: null,
      name: expect.stringMatching(/^\w+-\w+-\d+$/),
    });
  });

  it('opens another session and contact for another identifier, and returns the token of that session', async () => {
    const browser = await openWidget();
    const first = await browser.setUser(signed('ada', { name: 'Ada' }));
    expect(first.body).toEqual({
      id: expect.any(Number),
      has_email: false,
      has_name: true,
      has_phone_number: false,
    });
    const again = await browser.setUser(signed('ada', { name: 'Ada' }));
    expect(again.body).not.toHaveProperty('widget_auth_token');
    const another = await browser.setUser(signed('grace', { name: 'Grace' }));
    expect(another.body.widget_auth_token).toBe(browser.token);
    expect(sandbox.sessions.map(({ contact, hmacVerified }) => [contact.identifier, hmacVerified])).toEqual([
      ['ada', true],
      ['grace', true],
    ]);
  });
});

describe('merging of contacts', () => {
  it('merges the contacts of two browsers of the same user', async () => {
    const [one, two] = [await openWidget(), await openWidget()];
    await one.setUser(signed('ada', { name: 'Ada', email: 'ada@example.com' }));
    await two.setUser(signed('ada', { name: 'Ada', email: 'ada@example.com' }));
    expect(sandbox.contacts).toHaveLength(1);
    expect(sandbox.sessions).toHaveLength(2);
  });

  it('creates new sessions and duplicate contacts for an identifier that is a number (Chatwoot issue 12256)', async () => {
    const user = { identifier: 42, identifier_hash: sign('42'), name: 'Ada', email: 'ada@example.com' };
    const [one, two] = [await openWidget(), await openWidget()];
    await one.setUser(user);
    await two.setUser(user);
    expect(sandbox.contacts.map(({ identifier, email }) => [identifier, email])).toEqual([
      ['42', 'ada@example.com'],
      [null, null],
    ]);
    expect((await one.setUser(user)).body).toHaveProperty('widget_auth_token');
  });

  it('drops the email address of another identified contact, and merges into an unidentified contact', async () => {
    const [ada, mail, eve] = [await openWidget(), await openWidget(), await openWidget()];
    await ada.setUser(signed('ada', { name: 'Ada', email: 'ada@example.com' }));
    await mail.request('PATCH', '/contact', { name: 'Mail', email: 'MAIL@example.com' });
    await eve.setUser(signed('eve', { name: 'Eve', email: 'ada@example.com' }));
    expect(await eve.session()).toMatchObject({ identifier: 'eve', email: null });
    await eve.setUser(signed('eve', { name: 'Eve', email: 'mail@example.com' }));
    expect(await mail.session()).toMatchObject({ identifier: 'eve', name: 'Eve', email: 'mail@example.com' });
  });

  it('merges by phone number, and silently drops an invalid phone number and an invalid email address', async () => {
    const [one, two] = [await openWidget(), await openWidget()];
    await one.setUser({ name: 'Ada', phone_number: '+441234567' });
    await two.setUser(signed('ada', { phone_number: '+441234567' }));
    expect(sandbox.contacts).toMatchObject([{ identifier: 'ada', name: 'Ada', phoneNumber: '+441234567' }]);
    const answer = await one.setUser(signed('ada', { phone_number: '0123', email: 'nonsense' }));
    expect(answer.body).toMatchObject({ has_email: false, has_phone_number: true });
  });

  it('drops a phone number that belongs to an unidentified contact with another email address, and does not merge', async () => {
    const [one, two] = [await openWidget(), await openWidget()];
    await one.setUser({ name: 'Ada', email: 'ada@example.com', phone_number: '+441234567' });
    const answer = await two.setUser(signed('eve', { email: 'eve@example.com', phone_number: '+441234567' }));
    expect(answer.body).toMatchObject({ has_email: true, has_phone_number: false });
    expect(sandbox.contacts).toMatchObject([
      { identifier: null, email: 'ada@example.com', phoneNumber: '+441234567' },
      { identifier: 'eve', email: 'eve@example.com', phoneNumber: null },
    ]);
  });

  it('opens any contact and its verified conversations if the identifier is empty and its hash is valid', async () => {
    const [victim, thief] = [await openWidget(), await openWidget()];
    await victim.setUser(signed('ada', { name: 'Ada', email: 'ada@example.com' }));
    await victim.say('private');
    sandbox.hmacMandatory = true;
    await thief.setUser({ identifier: '', identifier_hash: sign(''), email: 'ada@example.com' });
    expect(await thief.session()).toMatchObject({ identifier: 'ada', hmac_verified: true });
    expect(await thief.reads()).toEqual(['private']);
  });

  it("lets a blank identifier without a hash rename another user's contact, but reveals nothing", async () => {
    const [victim, thief] = [await openWidget(), await openWidget()];
    await victim.setUser(signed('ada', { name: 'Ada', email: 'ada@example.com' }));
    await victim.say('private');
    sandbox.hmacMandatory = true;
    const params = { email: 'ada@example.com', name: 'Renamed', custom_attributes: { any: 1 } };
    expect((await thief.setUser(params)).status).toBe(200);
    expect(await thief.session()).toMatchObject({ identifier: 'ada', name: 'Renamed', hmac_verified: false });
    expect(await thief.reads()).toEqual([]);
  });
});

describe('conversations', () => {
  it('shows a verified session the conversations of all verified sessions, and an unverified session only its own', async () => {
    const [one, two, claimed] = [await openWidget(), await openWidget(), await openWidget()];
    await one.say('before signing in');
    await one.setUser(signed('ada', { name: 'Ada' }));
    await one.say('from one');
    await two.setUser(signed('ada', { name: 'Ada' }));
    await claimed.setUser({ identifier: 'ada', name: 'Ada' });
    expect(await two.reads()).toEqual(['before signing in', 'from one']);
    expect(await claimed.reads()).toEqual([]);
    await claimed.say('I am Ada, believe me');
    expect(await two.reads()).toEqual(['before signing in', 'from one']);
    expect(sandbox.conversations.map(({ hmacVerified }) => hmacVerified)).toEqual([true, false]);
    sandbox.reply(sandbox.sessions[0]!.id, 'an answer');
    expect(await two.reads()).toContain('an answer');
  });

  it('replaces the attributes of a conversation in set_custom_attributes, and responds with 404 without a conversation', async () => {
    const browser = await openWidget();
    const set = (custom_attributes: object) =>
      browser.request('POST', '/conversations/set_custom_attributes', { custom_attributes });
    const destroy = (custom_attribute: string[]) =>
      browser.request('POST', '/conversations/destroy_custom_attributes', { custom_attribute });
    for (const answer of [await set({ a: 1 }), await destroy(['a'])]) {
      expect([answer.status, answer.text]).toEqual([404, '']);
    }
    await browser.say('hi');
    await set({ a: 1 });
    expect((await set({ b: { c: 2 }, d: 3 })).status).toBe(204);
    expect(sandbox.conversations[0]?.customAttributes).toEqual({ b: { c: 2 }, d: 3 });
    expect((await destroy(['d'])).body).toMatchObject({ custom_attributes: { b: { c: 2 } } });
    expect(sandbox.conversations[0]?.customAttributes).toEqual({ b: { c: 2 } });
  });

  it('ignores labels that the account does not define', async () => {
    await sandbox.close();
    sandbox = await startSandbox({ labels: ['vip', 'new'] });
    const browser = await openWidget();
    await browser.say('hi');
    for (const label of ['vip', 'new', 'undefined-label']) {
      expect((await browser.request('POST', '/labels', { label })).status).toBe(204);
    }
    await browser.request('DELETE', '/labels/new');
    expect([...sandbox.conversations[0]!.labels]).toEqual(['vip']);
  });

  it("shows an agent's reply in the conversation of the session's widget", async () => {
    const [one, two] = [await openWidget(), await openWidget()];
    await one.setUser(signed('ada', { name: 'Ada' }));
    await one.say('from one');
    await two.setUser(signed('ada', { name: 'Ada' }));
    sandbox.reply(sandbox.sessions[1]!.id, 'an answer');
    expect(await one.reads()).toEqual(['from one', 'an answer']);
    expect(sandbox.conversations).toHaveLength(1);
  });
});

describe('contacts', () => {
  it('merges custom and additional attributes deeply', async () => {
    const browser = await openWidget();
    const profiles = (social_profiles: object) => ({
      additional_attributes: { city: 'London', social_profiles },
    });
    const plan = (plan: object) => ({ custom_attributes: { seats: [1, 2], plan } });
    await browser.setUser(
      signed('ada', { ...plan({ name: 'pro', terms: { days: 30 } }), ...profiles({ x: 'a' }) }),
    );
    await browser.setUser(
      signed('ada', { ...plan({ terms: { free: true } }), ...profiles({ github: 'b' }) }),
    );
    await browser.request('PATCH', '/contact', { custom_attributes: { seats: [3] } });
    expect(sandbox.contacts[0]).toMatchObject({
      customAttributes: { seats: [3], plan: { name: 'pro', terms: { days: 30, free: true } } },
      additionalAttributes: { city: 'London', social_profiles: { x: 'a', github: 'b' } },
    });
  });

  it('merges attributes deeply when contacts are merged, and prefers those of the remaining contact', async () => {
    const [one, two] = [await openWidget(), await openWidget()];
    await one.setUser(signed('ada', { custom_attributes: { plan: { name: 'pro' } } }));
    await two.request('PATCH', '/contact', { custom_attributes: { plan: { name: 'free', days: 30 } } });
    await two.setUser(signed('ada'));
    expect(sandbox.contacts[0]?.customAttributes).toEqual({ plan: { name: 'pro', days: 30 } });
  });

  it.each([
    ['Name', 'name', 'n'.repeat(256)],
    ['Email', 'email', `${'e'.repeat(250)}@example.com`],
  ])(
    '%s over 255 characters results in 422 for the whole set_user: the session is verified, but nothing is stored',
    async (label, key, long) => {
      const browser = await openWidget();
      const before = await browser.session();
      const user = signed('ada', { phone_number: '+441234567', [key]: long });
      for (const answer of [await browser.setUser(user), await browser.setUser(user)]) {
        const message = `${label} is too long (maximum is 255 characters)`;
        expect([answer.status, answer.body]).toEqual([422, { message, attributes: [key] }]);
      }
      expect(await browser.session()).toEqual({ ...before, hmac_verified: true });
      expect(sandbox.contacts).toMatchObject([{ identifier: null, phoneNumber: null }]);
      expect((await browser.setUser(signed('ada', { name: 'n'.repeat(255) }))).status).toBe(200);
    },
  );

  it('merges no contacts if set_user results in 422', async () => {
    const [one, two] = [await openWidget(), await openWidget()];
    await one.setUser(signed('ada', { name: 'Ada' }));
    expect((await two.setUser(signed('ada', { name: 'n'.repeat(256) }))).status).toBe(422);
    expect(sandbox.contacts).toHaveLength(2);
  });

  it('stores a phone number with a leading tel: unchanged', async () => {
    const browser = await openWidget();
    await browser.setUser(signed('ada', { phone_number: 'tel:+15551234' }));
    expect(sandbox.contacts[0]?.phoneNumber).toBe('tel:+15551234');
  });

  it('prefers a query parameter to the same field of the body', async () => {
    const browser = await openWidget();
    const query = `website_token=${sandbox.websiteToken}&${new URLSearchParams(signed('grace'))}`;
    const answer = await fetch(`${sandbox.baseUrl}/api/v1/widget/contact/set_user?${query}`, {
      method: 'PATCH',
      headers: { 'X-Auth-Token': browser.token, 'Content-Type': 'application/json' },
      body: JSON.stringify(signed('ada', { name: 'Ada' })),
    });
    expect(answer.status).toBe(200);
    expect(await browser.session()).toMatchObject({ identifier: 'grace', name: 'Ada', hmac_verified: true });
  });

  it('returns the identifier from GET /contact', async () => {
    const browser = await openWidget();
    await browser.setUser(signed('ada', { name: 'Ada' }));
    const { body } = await browser.request('GET', '/contact');
    const id = sandbox.contacts[0]!.id;
    expect(body).toEqual({
      id,
      has_email: false,
      has_name: true,
      has_phone_number: false,
      identifier: 'ada',
    });
  });

  it('handles PUT /contact like PATCH, and requires the same hash', async () => {
    const browser = await openWidget();
    const put = (params: object) => browser.request('PUT', '/contact', params);
    expect((await put({ name: 'Ada', custom_attributes: { plan: 'pro' } })).status).toBe(200);
    expect((await put({ identifier: 'ada', identifier_hash: sign('grace') })).status).toBe(401);
    expect((await put(signed('ada'))).status).toBe(200);
    expect(sandbox.contacts).toMatchObject([
      { identifier: 'ada', name: 'Ada', customAttributes: { plan: 'pro' } },
    ]);
    expect(sandbox.record.at(-1)).toMatchObject({ type: 'contact_update', status: 200, verified: true });
  });

  it('responds to destroy_custom_attributes with the whole contact', async () => {
    const browser = await openWidget();
    const user = { name: 'Ada', email: 'ada@example.com', phone_number: '+441234567' };
    const additional_attributes = { city: 'London' };
    await browser.setUser(
      signed('ada', { ...user, additional_attributes, custom_attributes: { a: 1, b: 2 } }),
    );
    const path = '/contact/destroy_custom_attributes';
    const { status, body } = await browser.request('POST', path, { custom_attributes: ['a'] });
    const id = sandbox.contacts[0]!.id;
    const contact = { id, identifier: 'ada', ...user, additional_attributes, custom_attributes: { b: 2 } };
    expect([status, body]).toEqual([200, contact]);
  });
});

it('records chat_opened for the event webwidget.triggered', async () => {
  const browser = await openWidget();
  expect(sandbox.record.map(({ type }) => type)).toEqual(['session_created']);
  expect((await browser.request('POST', '/events', { name: 'webwidget.triggered' })).status).toBe(204);
  await browser.request('POST', '/events', { name: 'unheard.of' });
  expect(sandbox.record.slice(1)).toMatchObject([{ type: 'chat_opened', sessionId: browser.sessionId }]);
});
