import { spawnSync } from 'node:child_process';
import { generateKeyPair, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { type JWTPayload, SignJWT } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { jwtSession } from './session.js';

// Do not use generateKeyPairSync, which can hang Node 20: garbage collection of its job object locks the key,
// possibly while the key is being read.
const keyPair = promisify(generateKeyPair);

const secret = randomBytes(64);
const algorithms = ['HS256', 'HS384', 'HS512'] as const;
const issuer = 'https://issuer.example/';
const audience = 'app';
const session = jwtSession({ secret, algorithms, issuer, audience });

const sign = (claims: JWTPayload, key: Parameters<SignJWT['sign']>[0] = secret, alg = 'HS256') =>
  new SignJWT({ iss: issuer, aud: audience, sub: 'ada', ...claims }).setProtectedHeader({ alg }).sign(key);

const bearer = (token: string) =>
  new Request('http://app.test/', { headers: { authorization: `Bearer ${token}` } });

const seconds = () => Math.floor(Date.now() / 1000);

afterEach(() => vi.useRealTimers());

describe('jwtSession', () => {
  it('returns the claims of a valid token', async () => {
    const exp = seconds() + 60;
    expect(await session(bearer(await sign({ exp, name: 'Ada' })))).toEqual({
      iss: issuer,
      aud: audience,
      sub: 'ada',
      name: 'Ada',
      exp,
    });
  });

  it('returns null for a request without a token', async () => {
    expect(await session(new Request('http://app.test/'))).toBeNull();
  });

  it('reads the token of a node:http request from the header, a cookie and cookie chunks', async () => {
    const read = jwtSession({
      secret,
      algorithms,
      issuer,
      audience,
      cookie: '__Host-session',
      header: 'Authorization',
    });
    const server = createServer(async (req, res) => res.end(JSON.stringify(await read(req))));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const claims = async (headers: Record<string, string>) => (await fetch(url, { headers })).json();
    const token = await sign({});
    const half = token.length / 2;
    const chunks = [token.slice(0, half), token.slice(half)].map(
      (text, i) => `__Host-session.${i}="${text}"`,
    );

    expect(await claims({})).toBeNull();
    expect(await claims({ authorization: `Bearer ${token}` })).toMatchObject({ sub: 'ada' });
    expect(await claims({ cookie: `theme=dark; __Host-session=${token}` })).toMatchObject({ sub: 'ada' });
    expect(await claims({ cookie: chunks.join('; ') })).toMatchObject({ sub: 'ada' });
    expect(await claims({ cookie: chunks[0]! }), 'half of the chunks').toBeNull();
    expect(
      await claims({ authorization: 'Bearer bad', cookie: `__Host-session=${token}` }),
      'the cookie is not used if the header has an invalid token',
    ).toBeNull();
    server.close();
  });

  it.each(algorithms)('verifies a token with the algorithm %s', async (alg) => {
    expect(await session(bearer(await sign({}, secret, alg)))).toMatchObject({ sub: 'ada' });
  });

  it.each([
    ['RS256', () => keyPair('rsa', { modulusLength: 2048 })],
    ['PS384', () => keyPair('rsa', { modulusLength: 2048 })],
    ['ES256', () => keyPair('ec', { namedCurve: 'P-256' })],
    ['ES512', () => keyPair('ec', { namedCurve: 'P-521' })],
    ['EdDSA', () => keyPair('ed25519')],
  ] as const)(
    'verifies a token with the algorithm %s and a public key as PEM, JWK or KeyObject',
    async (alg, generate) => {
      const { publicKey, privateKey } = await generate();
      const token = await sign({}, privateKey, alg);
      for (const form of [
        publicKey,
        publicKey.export({ type: 'spki', format: 'pem' }) as string,
        publicKey.export({ format: 'jwk' }),
      ]) {
        const read = jwtSession({ publicKey: form, algorithms: [alg], issuer, audience });
        expect(await read(bearer(token))).toMatchObject({ sub: 'ada' });
        expect(await read(bearer(`${token.slice(0, -8)}AAAAAAAA`))).toBeNull();
      }
    },
  );

  it.each<[string, () => JWTPayload]>([
    ['that has expired', () => ({ exp: seconds() - 1 })],
    ['that expires in the current second', () => ({ exp: seconds() })],
    ['that is not yet valid', () => ({ nbf: seconds() + 60 })],
    ['with a string as exp', () => ({ exp: '9999999999' as unknown as number })],
    ['of another issuer', () => ({ iss: 'https://evil.example/' })],
    ['with an issuer that lacks the trailing slash', () => ({ iss: 'https://issuer.example' })],
    ['without an issuer', () => ({ iss: undefined as unknown as string })],
    ['for another audience', () => ({ aud: 'other' })],
    ['for an audience in a different case', () => ({ aud: 'App' })],
    ['for an empty list of audiences', () => ({ aud: [] })],
    ['without an audience', () => ({ aud: undefined as unknown as string })],
  ])('returns null for a token %s', async (_, claims) => {
    expect(await session(bearer(await sign(claims())))).toBeNull();
  });

  it('accepts any of several issuers and audiences', async () => {
    const read = jwtSession({ secret, algorithms, issuer: ['a', 'b'], audience: ['c', 'd'] });
    expect(await read(bearer(await sign({ iss: 'b', aud: ['x', 'c'] })))).toMatchObject({ sub: 'ada' });
    expect(await read(bearer(await sign({ iss: 'b', aud: ['x', 'b'] })))).toBeNull();
  });

  it('rejects tokens that have an iss or aud claim if issuer and audience are false', async () => {
    const read = jwtSession({ secret, algorithms, issuer: false, audience: false });
    const own = await new SignJWT({ sub: 'ada' }).setProtectedHeader({ alg: 'HS256' }).sign(secret);
    expect(await read(bearer(own))).toEqual({ sub: 'ada' });
    expect(await read(bearer(await sign({ iss: undefined as unknown as string })))).toBeNull();
    expect(await read(bearer(await sign({ aud: undefined as unknown as string })))).toBeNull();
  });

  it('tolerates a clock difference up to clockTolerance', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 });
    const read = jwtSession({ secret, algorithms, issuer, audience, clockTolerance: 5 });
    const reads = async (claims: JWTPayload) => (await read(bearer(await sign(claims)))) !== null;
    expect(await reads({ exp: seconds() - 4 })).toBe(true);
    expect(await reads({ exp: seconds() - 5 })).toBe(false);
    expect(await reads({ nbf: seconds() + 5 })).toBe(true);
    expect(await reads({ nbf: seconds() + 6 })).toBe(false);
  });

  it('returns null as soon as a token has expired, because results are not cached', async () => {
    const token = await sign({ exp: seconds() + 60 });
    expect(await session(bearer(token))).not.toBeNull();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    expect(await session(bearer(token))).toBeNull();
  });

  it('ignores later changes to the objects in its options', async () => {
    const bytes = Buffer.from(secret);
    const list: ('HS256' | 'HS512')[] = ['HS256'];
    const [issuers, audiences] = [[issuer], [audience]];
    const read = jwtSession({ secret: bytes, algorithms: list, issuer: issuers, audience: audiences });
    bytes.fill(0);
    list.push('HS512');
    issuers.push('https://evil.example/');
    audiences.push('other');
    expect(await read(bearer(await sign({})))).toMatchObject({ sub: 'ada' });
    expect(await read(bearer(await sign({}, secret, 'HS512')))).toBeNull();
    expect(await read(bearer(await sign({ iss: 'https://evil.example/' })))).toBeNull();
    expect(await read(bearer(await sign({ aud: 'other' })))).toBeNull();
  });

  it('with NODE_DEBUG, logs why a token is rejected, but not the token itself', async () => {
    const token = await sign({ aud: 'other' });
    const program = `
      const { jwtSession } = await import(${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)});
      const session = jwtSession({ secret: Buffer.from(process.env.SECRET, 'hex'), algorithms: ['HS256'], issuer: '${issuer}', audience: 'app' });
      console.log(await session({ headers: { authorization: 'Bearer ' + process.env.TOKEN } }));`;
    const env = {
      ...process.env,
      NODE_DEBUG: 'chatwoot-identity',
      SECRET: secret.toString('hex'),
      TOKEN: token,
    };
    const run = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      env,
      encoding: 'utf8',
    });
    expect(run.stdout).toBe('null\n');
    expect(run.stderr).toContain('token rejected: ERR_JWT_CLAIM_VALIDATION_FAILED aud');
    expect(run.stderr).not.toContain(token);
  });
});
