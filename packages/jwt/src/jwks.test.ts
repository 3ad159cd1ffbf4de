import { generateKeyPair, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { type JWK, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AsymmetricAlgorithm } from './algorithm.js';
import { jwtSession } from './session.js';

// Do not use generateKeyPairSync, which can hang Node 20: garbage collection of its job object locks the key,
// possibly while the key is being read.
const keyPair = promisify(generateKeyPair);

const issuer = 'https://issuer.example/';
const audience = 'app';

/** Creates the key pair of an issuer and the JWK that the issuer publishes. */
async function key(kid: string | undefined) {
  const { publicKey, privateKey } = await keyPair('ec', { namedCurve: 'P-256' });
  return {
    kid,
    privateKey,
    jwk: { ...publicKey.export({ format: 'jwk' }), ...(kid && { kid }), use: 'sig' } as JWK,
  };
}

const sign = ({ kid, privateKey }: { kid: string | undefined; privateKey: KeyObject }, header: object = {}) =>
  new SignJWT({ sub: 'ada' })
    .setProtectedHeader({ alg: 'ES256', ...(kid && { kid }), ...header })
    .setIssuer(issuer)
    .setAudience(audience)
    .sign(privateKey);

const bearer = (token: string) =>
  new Request('http://app.test/', { headers: { authorization: `Bearer ${token}` } });

const [first, second, stranger] = [await key('1'), await key('2'), await key('3')];

let server: Server;
let fetched: number;
let answer: RequestListener;
const publish =
  (...keys: JWK[]): RequestListener =>
  (_req, res) =>
    res.setHeader('Content-Type', 'application/jwk-set+json').end(JSON.stringify({ keys }));

beforeEach(async () => {
  fetched = 0;
  answer = publish(first.jwk);
  server = createServer((req, res) => {
    fetched++;
    answer(req, res);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterEach(() => {
  vi.useRealTimers();
  server.closeAllConnections();
  server.close();
});

const reader = (algorithm: AsymmetricAlgorithm = 'ES256') =>
  jwtSession({
    jwksUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
    algorithms: [algorithm],
    issuer,
    audience,
  });

/**
 * Advances the clock for jose, which fetches keys again after 30 seconds at the earliest and 10 minutes at the latest.
 */
const pass = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });

const unavailable = expect.objectContaining({
  name: 'JwtSessionError',
  code: 'keys_unavailable',
  status: 500,
});

describe('jwtSession with jwksUri', () => {
  it('fetches the keys only once, at the first request with a token', async () => {
    const session = reader();
    await session(new Request('http://app.test/'));
    expect(fetched, 'fetches before the first token').toBe(0);
    const token = await sign(first);
    const all = await Promise.all(Array.from({ length: 50 }, () => session(bearer(token))));
    expect(all.every((claims) => claims?.sub === 'ada')).toBe(true);
    expect(fetched).toBe(1);
  });

  it('accepts the new key and rejects the old key after a key rotation', async () => {
    const session = reader();
    expect(await session(bearer(await sign(first)))).toMatchObject({ sub: 'ada' });
    answer = publish(second.jwk);
    pass(31_000);
    expect(await session(bearer(await sign(second)))).toMatchObject({ sub: 'ada' });
    expect(await session(bearer(await sign(first)))).toBeNull();
    expect(fetched).toBe(2);
  });

  it('returns null for an unknown kid after one more fetch, and fetches at most every 30 seconds', async () => {
    const session = reader();
    await session(bearer(await sign(first)));
    pass(31_000);
    for (let i = 0; i < 20; i++)
      expect(await session(bearer(await sign(stranger, { kid: `${i}` })))).toBeNull();
    expect(fetched).toBe(2);
    expect(await session(bearer(await sign(first)))).toMatchObject({ sub: 'ada' });
  });

  it('returns null if another key signed a token with a known kid', async () => {
    expect(await reader()(bearer(await sign(stranger, { kid: '1' })))).toBeNull();
  });

  it('rejects the token of a removed key after ten minutes at the latest', async () => {
    const session = reader();
    const token = await sign(first);
    await session(bearer(token));
    answer = publish(second.jwk);
    pass(601_000);
    expect(await session(bearer(token))).toBeNull();
  });

  it('tries every key of the set for a token without a kid', async () => {
    const [old, current] = [await key(undefined), await key(undefined)];
    answer = publish(old.jwk, current.jwk);
    const session = reader();
    expect(await session(bearer(await sign(old)))).toMatchObject({ sub: 'ada' });
    expect(await session(bearer(await sign(current)))).toMatchObject({ sub: 'ada' });
    expect(await session(bearer(await sign({ ...stranger, kid: undefined })))).toBeNull();
  });

  it('tries the remaining keys if one key is unusable, and throws if none of them signed the token', async () => {
    const [short, own, other] = await Promise.all(
      [1024, 2048, 2048].map((modulusLength) => keyPair('rsa', { modulusLength })),
    );
    answer = publish(...[short, own].map((pair) => pair!.publicKey.export({ format: 'jwk' }) as JWK));
    const session = reader('RS256');
    const signedBy = (pair: typeof own) =>
      sign({ kid: undefined, privateKey: pair!.privateKey }, { alg: 'RS256' });
    expect(await session(bearer(await signedBy(own)))).toMatchObject({ sub: 'ada' });
    await expect(session(bearer(await signedBy(other)))).rejects.toEqual(unavailable);
  });

  it('throws keys_unavailable if every key of the set is malformed', async () => {
    answer = publish({ ...first.jwk, x: 'AAAA' }, { ...second.jwk, y: 'AAAA' });
    await expect(reader()(bearer(await sign({ ...first, kid: undefined })))).rejects.toEqual(unavailable);
  });

  it('does not fetch keys for a token with an unaccepted algorithm, or from a URL in the token', async () => {
    const session = reader();
    const foreign = await new SignJWT({ sub: 'ada' })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new Uint8Array(32));
    expect(await session(bearer(foreign))).toBeNull();
    expect(await session(bearer('no.token.at-all'))).toBeNull();
    expect(fetched).toBe(0);
    const jku = `http://127.0.0.1:${(server.address() as AddressInfo).port}/evil.json`;
    expect(await session(bearer(await sign(stranger, { jwk: stranger.jwk, jku, x5u: jku })))).toBeNull();
    expect(fetched).toBe(1);
  });

  it.each<[string, RequestListener]>([
    ['status 500', (_req, res) => res.writeHead(500).end()],
    ['status 404', (_req, res) => res.writeHead(404).end('{"keys":[]}')],
    ['a redirect', (_req, res) => res.writeHead(302, { Location: '/elsewhere' }).end()],
    [
      'HTML',
      (_req, res) => res.setHeader('Content-Type', 'text/html').end('<!doctype html><title>Sign in</title>'),
    ],
    ['incomplete JSON', (_req, res) => res.end('{"keys":[')],
    ['JSON that is not a key set', (_req, res) => res.end('{"error":"maintenance"}')],
    ['a key set without keys', publish()],
    ['a malformed key', publish({ ...first.jwk, x: 'AAAA' })],
    ['a private key', publish(first.privateKey.export({ format: 'jwk' }) as JWK)],
    ['nothing and closes the connection', (req) => req.socket.destroy()],
  ])('throws keys_unavailable if the issuer sends %s', async (_, broken) => {
    const session = reader();
    answer = broken;
    const token = await sign({ ...first, kid: undefined });
    const error = await session(bearer(token)).catch((thrown: Error) => thrown);
    expect(error).toEqual(unavailable);
    expect(`${error}${(error as Error).stack}`).not.toContain(token);
    expect((error as Error).cause).toBeDefined();

    answer = publish(first.jwk);
    pass(601_000);
    expect(
      await session(bearer(token)),
      'verifies tokens again as soon as the issuer publishes keys',
    ).toMatchObject({
      sub: 'ada',
    });
  });

  it("throws keys_unavailable if the issuer's server is not running", async () => {
    const session = reader();
    server.close();
    await expect(session(bearer(await sign(first)))).rejects.toEqual(unavailable);
  });

  it('throws keys_unavailable if the issuer does not respond in time or never completes its response', async () => {
    answer = () => {};
    const silent = reader()(bearer(await sign(first)));
    await expect.poll(() => fetched).toBe(1);
    answer = (_req, res) => res.write('{"keys":[');
    const endless = reader()(bearer(await sign(first)));
    const outcomes = await Promise.allSettled([silent, endless]);
    expect(outcomes).toMatchObject([
      { reason: { code: 'keys_unavailable', cause: { code: 'ERR_JWKS_TIMEOUT' } } },
      { reason: { code: 'keys_unavailable' } },
    ]);
  });

  it('continues to verify with the fetched keys while the issuer is down', async () => {
    const session = reader();
    await session(bearer(await sign(first)));
    answer = (_req, res) => res.writeHead(503).end();
    pass(31_000);
    expect(await session(bearer(await sign(first)))).toMatchObject({ sub: 'ada' });
    await expect(session(bearer(await sign(second))), 'the unknown key may be new').rejects.toEqual(
      unavailable,
    );
  });

  it('returns null for a malformed token while the issuer is down', async () => {
    answer = publish();
    const session = reader();
    await expect(session(bearer(await sign(first)))).rejects.toEqual(unavailable);
    expect(await session(bearer('no.token.at-all'))).toBeNull();
  });
});
