import { createHmac, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { CompactEncrypt, exportJWK, FlattenedSign, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { JwtSessionError } from './error.js';
import { jwtSession } from './session.js';

// Do not use generateKeyPairSync, which can hang Node 20: garbage collection of its job object locks the key,
// possibly while the key is being read.
const keyPair = promisify(generateKeyPair);

const issuer = 'https://issuer.example/';
const audience = 'app';
const claims = { iss: issuer, aud: audience, sub: 'victim' };

const secret = randomBytes(32);
const own = await keyPair('rsa', { modulusLength: 2048 });
const evil = await keyPair('rsa', { modulusLength: 2048 });
const spki = own.publicKey.export({ type: 'spki', format: 'pem' }) as string;

const byKey = jwtSession({ publicKey: spki, algorithms: ['RS256'], issuer, audience });
const bySecret = jwtSession({ secret, algorithms: ['HS256'], issuer, audience });
const byCookie = jwtSession({ secret, algorithms: ['HS256'], issuer, audience, cookie: 'session' });

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const signRs256 = (header: object, key: KeyObject = own.privateKey) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', ...header }).sign(key);

/** Returns a token with a valid signature, so that only the header or the payload can be the reason for a rejection. */
function signHs256(header: object, payload: string = base64url(claims)): string {
  const input = `${base64url({ alg: 'HS256', ...header })}.${payload}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

describe('attacks on JWTs', () => {
  it('accepts valid tokens', async () => {
    expect(await byKey(bearer(await signRs256({})))).toMatchObject({ sub: 'victim' });
    expect(await bySecret(bearer(signHs256({})))).toMatchObject({ sub: 'victim' });
  });

  it.each(['none', 'None', 'NONE', 'nOnE', ''])('rejects a token with alg %j', async (alg) => {
    const payload = base64url(claims);
    for (const signature of ['', 'AAAA', signHs256({}).split('.')[2]]) {
      const token = `${base64url({ alg })}.${payload}.${signature}`;
      expect(await byKey(bearer(token))).toBeNull();
      expect(await bySecret(bearer(token))).toBeNull();
    }
    expect(await byKey(bearer(new UnsecuredJWT(claims).encode()))).toBeNull();
  });

  it.each([
    ['PEM', spki],
    ['PEM without its last line break', spki.trim()],
    ['DER', own.publicKey.export({ type: 'spki', format: 'der' })],
    ['JWK', JSON.stringify(own.publicKey.export({ format: 'jwk' }))],
  ])('rejects an HS256 token that is signed with the RSA public key as the secret (%s)', async (_, key) => {
    const input = `${base64url({ alg: 'HS256' })}.${base64url(claims)}`;
    const forged = `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
    expect(await byKey(bearer(forged))).toBeNull();
  });

  it('rejects a token that was signed with the correct key but another algorithm', async () => {
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'PS256' }).sign(own.privateKey);
    expect(await byKey(bearer(token))).toBeNull();
  });

  it.each([
    '../../../../dev/null',
    "' UNION SELECT 'key",
    '| touch x',
    '__proto__',
    ['a'],
    { a: 1 },
    0,
    null,
  ])('does not use the kid %j as a file name, a query or a property name', async (kid) => {
    expect(await byKey(bearer(await signRs256({ kid }, evil.privateKey)))).toBeNull();
    expect(await byKey(bearer(await signRs256({ kid })))).toMatchObject({ sub: 'victim' });
  });

  it('does not verify a token with a key from its header (jwk, jku, x5u, x5c)', async () => {
    const header = {
      jwk: await exportJWK(evil.publicKey),
      jku: 'http://127.0.0.1:9/jwks.json',
      x5u: 'http://127.0.0.1:9/cert.pem',
      x5c: ['AAAA'],
    };
    expect(await byKey(bearer(await signRs256(header, evil.privateKey)))).toBeNull();
  });

  it.each([[['exp']], [['unknown']], [[]], ['b64'], [null], [['b64', 'b64']]])(
    'rejects a token with the crit header %j',
    async (crit) => {
      expect(await bySecret(bearer(signHs256({ crit, unknown: true, exp: 1 })))).toBeNull();
    },
  );

  it('rejects a token with an unencoded payload (b64: false)', async () => {
    const raw = await new FlattenedSign(
      new TextEncoder().encode(JSON.stringify({ ...claims, iss: 'a', aud: 'b' })),
    )
      .setProtectedHeader({ alg: 'HS256', b64: false, crit: ['b64'] })
      .sign(secret);
    const read = jwtSession({ secret, algorithms: ['HS256'], issuer: 'a', audience: 'b' });
    const token = `${raw.protected}.${JSON.stringify({ ...claims, iss: 'a', aud: 'b' })}.${raw.signature}`;
    expect(await read(bearer(token))).toBeNull();
  });

  it('rejects a JWE that is encrypted with the secret', async () => {
    const jwe = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(claims)))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .encrypt(secret);
    expect(await bySecret(bearer(jwe))).toBeNull();
  });

  it.each([
    ['an array', [claims]],
    ['a string', 'victim'],
    ['null', null],
    ['a number', 1],
  ])('rejects a token with %s as its claims', async (_, payload) => {
    expect(await bySecret(bearer(signHs256({}, base64url(payload))))).toBeNull();
  });

  it('rejects a token with claims that are not UTF-8 or not JSON', async () => {
    for (const payload of [Buffer.from([0xff, 0xfe]), Buffer.from('{"sub":'), Buffer.alloc(0)]) {
      expect(await bySecret(bearer(signHs256({}, payload.toString('base64url'))))).toBeNull();
    }
  });

  it('does not pollute Object.prototype with a prototype in the claims', async () => {
    const payload = Buffer.from(
      JSON.stringify(claims).replace(
        '{',
        '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},',
      ),
    );
    await bySecret(bearer(signHs256({}, payload.toString('base64url'))));
    expect('polluted' in {}).toBe(false);
  });

  it('rejects a token of more than 16 KiB without decoding it', async () => {
    const good = (length: number) => {
      const rest = signHs256({}, base64url({ ...claims, pad: '' })).length;
      return signHs256({}, base64url({ ...claims, pad: 'a'.repeat(Math.floor(((length - rest) * 3) / 4)) }));
    };
    expect(await bySecret(bearer(good(16_000)))).toMatchObject({ sub: 'victim' });
    expect(await bySecret(bearer(good(17_000)))).toBeNull();
    expect(await bySecret(bearer('a.'.repeat(5_000_000)))).toBeNull();
    expect(await byCookie({ headers: { cookie: `session=${'a'.repeat(10_000_000)}` } })).toBeNull();
  });

  it('reads only the first of two cookies with the same name, even if its token is invalid', async () => {
    const [ada, bob] = ['ada', 'bob'].map((sub) => signHs256({}, base64url({ ...claims, sub })));
    expect(await byCookie({ headers: { cookie: `session=${ada}; session=${bob}` } })).toMatchObject({
      sub: 'ada',
    });
    expect(await byCookie({ headers: { cookie: `session=bad; session=${bob}` } })).toBeNull();
    expect(await byCookie({ headers: { cookie: `session.0=${ada}; session=${bob}` } })).toMatchObject({
      sub: 'bob',
    });
  });

  it('rejects two tokens in one header', async () => {
    const token = signHs256({});
    expect(await bySecret(bearer(`${token}, Bearer ${token}`))).toBeNull();
    expect(await bySecret(bearer(`${token} ${token}`))).toBeNull();
    expect(await bySecret(bearer(`${token}.`))).toBeNull();
  });

  it.each([
    ['padding', (text: string) => `${text}=`],
    ['a space', (text: string) => `${text.slice(0, 9)} ${text.slice(9)}`],
    ['a line break', (text: string) => `${text.slice(0, 9)}\n${text.slice(9)}`],
    ['the standard base64 alphabet', (text: string) => Buffer.from(text, 'base64url').toString('base64')],
  ])('rejects a signed token that was re-encoded with %s', async (_, spell) => {
    const parts = signHs256({ typ: '>>>???' }, base64url({ ...claims, name: '>>>???' })).split('.');
    for (const index of parts.keys()) {
      const token = parts.map((part, i) => (i === index ? spell(part) : part)).join('.');
      if (token !== parts.join('.')) expect(await bySecret(bearer(token))).toBeNull();
    }
  });

  it('does not read a token from the query or the body of a request', async () => {
    const request = new Request(`http://app.test/?access_token=${signHs256({})}`, {
      method: 'POST',
      body: `access_token=${signHs256({})}`,
    });
    expect(await bySecret(request)).toBeNull();
    expect(request.bodyUsed).toBe(false);
  });
});

describe('arbitrary tokens and requests', () => {
  const headerValue = fc.dictionary(
    fc.constantFrom('alg', 'kid', 'crit', 'b64', 'typ', 'jwk', 'zip', '__proto__'),
    fc.jsonValue(),
  );
  const segment = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.base64String(),
    fc.jsonValue().map(base64url),
    headerValue.map((header) => base64url({ alg: 'HS256', ...header })),
    fc.constant(base64url(claims)),
  );
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(segment, { maxLength: 6 }).map((segments) => segments.join('.')),
    fc
      .constant(signHs256({}))
      .chain((token) =>
        fc
          .tuple(fc.nat(token.length - 1), fc.string({ minLength: 1, maxLength: 3 }))
          .map(([at, text]) => token.slice(0, at) + text + token.slice(at + text.length)),
      ),
  );

  /** Returns a token with a canonical signature. Decoders ignore two bits of the last character of a signature. */
  const canonical = (token: string) =>
    token.replace(/[^.]*$/, (signature) => Buffer.from(signature, 'base64url').toString('base64url'));

  it('returns only claims that the key signed, and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (token) => {
        for (const read of [bySecret, byKey]) {
          const payload = await read(bearer(token));
          if (payload) expect(canonical(token)).toBe(signHs256({}));
        }
        const payload = await byCookie({
          headers: { cookie: `a=${token}; session=${encodeURIComponent(token)}` },
        });
        if (payload) expect(payload).toEqual(claims);
      }),
      { numRuns: 500 },
    );
  });

  it('returns the signed claims or null for any signed header', async () => {
    await fc.assert(
      fc.asyncProperty(headerValue, async (header) => {
        const payload = await bySecret(bearer(signHs256(header)));
        if (payload) expect(payload).toEqual(claims);
      }),
      { numRuns: 500 },
    );
  });

  it('returns null or the unchanged claims for any signed claims', async () => {
    const changes = fc.dictionary(
      fc.constantFrom('iss', 'aud', 'exp', 'nbf', 'iat', 'sub', 'act', 'x'),
      fc.jsonValue(),
    );
    await fc.assert(
      fc.asyncProperty(changes, async (changed) => {
        const signed = JSON.parse(JSON.stringify({ ...claims, ...changed }));
        const payload = await bySecret(bearer(signHs256({}, base64url(signed))));
        if (payload) {
          expect(payload).toEqual(signed);
          expect(payload.iss).toBe(issuer);
          expect([payload.aud].flat()).toContain(audience);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('returns null or throws a JwtSessionError for any request object', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything({ maxDepth: 2 }), async (anything) => {
        for (const request of [anything, { headers: anything }, { headers: { authorization: anything } }]) {
          const outcome = await bySecret(request as never).catch((error: unknown) => error);
          if (outcome !== null) expect(outcome).toBeInstanceOf(JwtSessionError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
