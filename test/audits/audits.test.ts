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

test('all audits pass for a correct endpoint', async () => {
  const endpoint = await startEndpoint();
  expect(await verdicts(endpoint.url)).toEqual({ failed: {}, leftOut: {} });
  await endpoint.close();
});

describe('the endpoint audits', () => {
  it.each(faults)('report $name', async (fault) => {
    const endpoint = await startEndpoint(fault);
    const { failed, leftOut } = await verdicts(endpoint.url);
    await endpoint.close();
    expect(Object.keys(failed)).toEqual(fault.found);
    expect(Object.keys(leftOut)).toEqual(fault.leftOut ?? []);
    for (const reason of [...Object.values(failed), ...Object.values(leftOut)]) {
      expect(reason).toMatch(/^[\x20-\x7e]+[.?]$/);
      expect(reason).not.toContain(hmacToken);
    }
    // Each message contains a reason and a fix.
    for (const reason of Object.values(failed)) expect(reason).toMatch(/[.:?] .*[.?]$/);
  });
});

test.each([
  [
    'a hash made with another token',
    'hash',
    /differs from the token given here\. Compare both .* `npx chatwoot-identity doctor`/,
  ],
  ['a hash with key and message swapped', 'hash', /swapped(?!.*given here)/],
  [
    'a hash of the empty string for an anonymous visitor',
    'anonymous',
    /200 .*empty identifier.*rotate the HMAC token/,
  ],
  [
    'a redirect to the login page for an anonymous visitor',
    'anonymous',
    /302, and a script would follow this redirect.*respond with 401/,
  ],
  [
    'a header that allows CDNs to store the response',
    'no-store',
    /cdn-cache-control, which overrides Cache-Control/,
  ],
  [
    'an identifier from an unverified token',
    'own-user',
    /The unsigned token of an anonymous visitor decided which user the endpoint signs\. .*session only/,
  ],
])('the reason explains how to fix %s', async (name, id, reason) => {
  const endpoint = await startEndpoint(faults.find((fault) => fault.name === name));
  const { failed } = await verdicts(endpoint.url);
  await endpoint.close();
  expect(failed[id]).toMatch(reason);
});

test('the reason for a refused session mentions the session, the order of the middleware, and guards', async () => {
  const endpoint = await startEndpoint({ user: () => null });
  const { identity } = (await verdicts(endpoint.url)).failed;
  await endpoint.close();
  expect(identity).toMatch(
    / 401 .*session still valid\? Is the middleware mounted after the session middleware\? .*guard of NestJS\?$/,
  );
});

test('the reason for a 500 response refers to the log of the app', async () => {
  const endpoint = await startEndpoint({ reply: () => ({ status: 500, headers: {}, body: '' }) });
  const { identity } = (await verdicts(endpoint.url)).failed;
  await endpoint.close();
  expect(identity).toBe("The signed-in user gets 500 instead of 200. Look for the error in the app's log.");
});

test.each([`${hmacToken}\n`, `"${hmacToken}"`])(
  'endpointAudits refuses a token that cannot sign: %j',
  (spoilt) => {
    expect(() => endpointAudits({ url: 'http://localhost', hmacToken: spoilt })).toThrow(/^hmacToken has /);
  },
);

test('each audit reports at least one of the faults', () => {
  const audits = endpointAudits({ url: 'http://localhost', session, hmacToken }).map(({ id }) => id);
  const found = [...faults.flatMap(({ found }) => found), ...oracles.map(({ found }) => found)];
  expect(new Set(found)).toEqual(new Set(audits));
});

test('endpointAudits omits audits if an option that they require is missing', () => {
  const ids = (options: object) =>
    endpointAudits({ url: 'http://localhost', ...options }).map(({ id }) => id);
  expect(ids({})).not.toContain('identity');
  expect(ids({ session })).toContain('identity');
  expect(ids({ session })).not.toContain('hash');
});

test('audits of signed-in users are inconclusive if there is no session', async () => {
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

test('endpointAudits returns audits with unique ids and with names that begin with the level', () => {
  const audits = endpointAudits({ url: 'http://localhost', session, hmacToken });
  for (const { level, name } of audits) expect(name.startsWith(`${level} `)).toBe(true);
  expect(new Set(audits.map(({ id }) => id)).size).toBe(audits.length);
});

test.each(['', 'localhost:3000', 'ftp://localhost/', 'not a url'])(
  'endpointAudits refuses %j as the address of an endpoint',
  (url) => {
    expect(() => endpointAudits({ url })).toThrow(TypeError);
  },
);
