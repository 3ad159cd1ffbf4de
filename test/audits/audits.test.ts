import { endpointAudits, NotJudged } from '@chatwoot-identity/diagnostics';
import { describe, expect, it, test } from 'vitest';
import { faults, hmacToken, session, startEndpoint } from './faults.js';
import { oracles } from './oracles.js';

interface Verdicts {
  readonly failed: Record<string, string>;
  readonly leftOut: Record<string, string>;
}

async function verdicts(url: string): Promise<Verdicts> {
  const failed: Record<string, string> = {};
  const leftOut: Record<string, string> = {};
  const audits = endpointAudits({ url, session, hmacToken });
  const errors = await Promise.all(audits.map(({ run }) => run().catch((error: Error) => error)));
  for (const [index, { id }] of audits.entries()) {
    const error = errors[index];
    if (error) (error instanceof NotJudged ? leftOut : failed)[id] = error.message;
  }
  return { failed, leftOut };
}

test('a correct endpoint passes every audit', async () => {
  const endpoint = await startEndpoint();
  expect(await verdicts(endpoint.url)).toEqual({ failed: {}, leftOut: {} });
  await endpoint.close();
});

describe('the audits find', () => {
  it.each(faults)('$name', async (fault) => {
    const endpoint = await startEndpoint(fault);
    const { failed, leftOut } = await verdicts(endpoint.url);
    await endpoint.close();
    expect(Object.keys(failed)).toEqual(fault.found);
    expect(Object.keys(leftOut)).toEqual(fault.leftOut ?? []);
    for (const reason of [...Object.values(failed), ...Object.values(leftOut)]) {
      expect(reason).toMatch(/^[\x20-\x7e]+[.?]$/);
      expect(reason).not.toContain(hmacToken);
    }
    // A reason and a fix.
    for (const reason of Object.values(failed)) expect(reason).toMatch(/[.:?] .*[.?]$/);
  });
});

test.each([
  [
    'a hash made with another token',
    'hash',
    /not the one given here\. Compare both .* `npx chatwoot-identity doctor`/,
  ],
  ['key and message swapped', 'hash', /swapped(?!.*given here)/],
  [
    'the hash of the empty string for an anonymous visitor',
    'anonymous',
    /200 .*empty identifier.*rotate the HMAC token/,
  ],
  [
    'a redirect to the login page for an anonymous visitor',
    'anonymous',
    /302, and a script would follow it.*answer 401/,
  ],
  ['permission to store for CDNs', 'no-store', /cdn-cache-control, which overrides Cache-Control/],
  [
    'the identifier from a token that is not verified',
    'own-user',
    /The unsigned token of an anonymous visitor chose whom the endpoint signs\. .*session only/,
  ],
])('the reason for %s says how to fix it', async (name, id, reason) => {
  const endpoint = await startEndpoint(faults.find((fault) => fault.name === name));
  const { failed } = await verdicts(endpoint.url);
  await endpoint.close();
  expect(failed[id]).toMatch(reason);
});

test('an unknown session: the reason names the session, the order of the middleware and guards', async () => {
  const endpoint = await startEndpoint({ user: () => null });
  const { identity } = (await verdicts(endpoint.url)).failed;
  await endpoint.close();
  expect(identity).toMatch(
    / 401 .*session still valid\? Is the middleware mounted after the session's\? .*guard of NestJS\?$/,
  );
});

test('an app that fails: the reason points to its log, not to the session', async () => {
  const endpoint = await startEndpoint({ reply: () => ({ status: 500, headers: {}, body: '' }) });
  const { identity } = (await verdicts(endpoint.url)).failed;
  await endpoint.close();
  expect(identity).toBe("The signed-in user gets 500 instead of 200. The app's log says why.");
});

test.each([`${hmacToken}\n`, `"${hmacToken}"`])('refuses a token that cannot sign: %j', (spoilt) => {
  expect(() => endpointAudits({ url: 'http://localhost', hmacToken: spoilt })).toThrow(/^hmacToken has /);
});

test('every audit finds at least one fault', () => {
  const audits = endpointAudits({ url: 'http://localhost', session, hmacToken }).map(({ id }) => id);
  const found = [...faults.flatMap(({ found }) => found), ...oracles.map(({ found }) => found)];
  expect(new Set(found)).toEqual(new Set(audits));
});

test('audits that need options that are missing are left out', () => {
  const ids = (options: object) =>
    endpointAudits({ url: 'http://localhost', ...options }).map(({ id }) => id);
  expect(ids({})).not.toContain('identity');
  expect(ids({ session })).toContain('identity');
  expect(ids({ session })).not.toContain('hash');
});

test('without a session, the audits of signed-in users are left out and not passed', async () => {
  const endpoint = await startEndpoint();
  const leftOut: string[] = [];
  for (const { id, run } of endpointAudits({ url: endpoint.url, hmacToken }))
    await run().catch((error: Error) => {
      expect(error).toBeInstanceOf(NotJudged);
      leftOut.push(id);
    });
  await endpoint.close();
  expect(leftOut).toEqual([
    'own-user',
    'cors',
    'nosniff',
    'no-store',
    'validators',
    'vary',
    'head',
    'errors',
    'token',
  ]);
});

test('names begin with the level, ids are unique', () => {
  const audits = endpointAudits({ url: 'http://localhost', session, hmacToken });
  for (const { level, name } of audits) expect(name.startsWith(`${level} `)).toBe(true);
  expect(new Set(audits.map(({ id }) => id)).size).toBe(audits.length);
});

test.each(['', 'localhost:3000', 'ftp://localhost/', 'not a url'])('refuses %j as the address', (url) => {
  expect(() => endpointAudits({ url })).toThrow(TypeError);
});
