import { endpointAudits } from '@chatwoot-identity/diagnostics';
import { describe, expect, it, test } from 'vitest';
import { faults, hmacToken, session, startEndpoint } from './faults.js';

async function failures(url: string): Promise<Record<string, string>> {
  const failed: Record<string, string> = {};
  for (const { id, run } of endpointAudits({ url, session, hmacToken }))
    await run().catch((error: Error) => {
      failed[id] = error.message;
    });
  return failed;
}

test('a right endpoint passes every audit', async () => {
  const endpoint = await startEndpoint();
  expect(await failures(endpoint.url)).toEqual({});
  await endpoint.close();
});

describe('the audits find', () => {
  it.each(faults)('$name', async (fault) => {
    const endpoint = await startEndpoint(fault);
    const failed = await failures(endpoint.url);
    await endpoint.close();
    expect(Object.keys(failed)).toEqual(fault.found);
    for (const reason of Object.values(failed)) {
      expect(reason).toMatch(/^[\x20-\x7e]+\.$/);
      expect(reason).not.toContain(hmacToken);
    }
  });
});

test.each([
  [
    'a hash made with another token',
    'hash',
    /not the one given here\. Compare both .* `npx chatwoot-identity doctor`/,
  ],
  ['key and message swapped', 'hash', /swapped(?!.*given here)/],
  ['the hash of the empty string for nobody', 'nobody', /200 .*empty identifier.*rotate the token/],
  ['a redirect to the login page for nobody', 'nobody', /302: .*Only pages may redirect/],
  ['leave to CDNs', 'no-store', /cdn-cache-control, which caches heed before/],
  [
    'the identifier from a token that nobody verifies',
    'own-user',
    /The unsigned token of nobody chose another identity/,
  ],
])('the reason says what to do about %s', async (name, id, reason) => {
  const endpoint = await startEndpoint(faults.find((fault) => fault.name === name));
  const failed = await failures(endpoint.url);
  await endpoint.close();
  expect(failed[id]).toMatch(reason);
});

test('a session that nobody knows: the reason asks for it, and for the order of the middleware', async () => {
  const endpoint = await startEndpoint({ user: () => null });
  const { identity } = await failures(endpoint.url);
  await endpoint.close();
  expect(identity).toMatch(/ 401 .*session still valid\? Is the middleware mounted after the session's\?$/);
});

test('an app that fails: the reason sends to its log, not to the session', async () => {
  const endpoint = await startEndpoint({ reply: () => ({ status: 500, headers: {}, body: '' }) });
  const { identity } = await failures(endpoint.url);
  await endpoint.close();
  expect(identity).toBe("The signed-in user gets 500 instead of 200. The app's log says why.");
});

test.each([`${hmacToken}\n`, `"${hmacToken}"`])('a token that can sign nothing is refused: %j', (spoilt) => {
  expect(() => endpointAudits({ url: 'http://localhost', hmacToken: spoilt })).toThrow(/^hmacToken has /);
});

test('every audit finds a fault', () => {
  const audits = endpointAudits({ url: 'http://localhost', session, hmacToken }).map(({ id }) => id);
  expect(new Set(faults.flatMap(({ found }) => found))).toEqual(new Set(audits));
});

test('audits that need more than is given are left out', () => {
  const ids = (options: object) =>
    endpointAudits({ url: 'http://localhost', ...options }).map(({ id }) => id);
  expect(ids({})).not.toContain('identity');
  expect(ids({ session })).toContain('identity');
  expect(ids({ session })).not.toContain('hash');
});

test('names begin with the level, ids are unique', () => {
  const audits = endpointAudits({ url: 'http://localhost', session, hmacToken });
  for (const { level, name } of audits) expect(name.startsWith(`${level} `)).toBe(true);
  expect(new Set(audits.map(({ id }) => id)).size).toBe(audits.length);
});

test.each(['', 'localhost:3000', 'ftp://localhost/', 'not a url'])('%j is refused as the address', (url) => {
  expect(() => endpointAudits({ url })).toThrow(TypeError);
});
