import { createHmac, randomBytes } from 'node:crypto';
import { JwtSessionError, jwtContact, jwtSession } from '@chatwoot-identity/jwt';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { always, hostileText } from './always.js';

const secret = randomBytes(32);
const session = jwtSession({
  secret,
  algorithms: ['HS256'],
  issuer: 'app',
  audience: 'app',
  header: 'authorization',
  cookie: 'session',
});
const contact = jwtContact(session);

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs a header and a payload with the key. */
function sign(header: unknown, payload: unknown, key: Buffer = secret): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
}

const good = sign({ alg: 'HS256' }, { iss: 'app', aud: 'app', sub: 'victim' });

/** Returns the contact, null for an anonymous visitor, or the code of a `JwtSessionError`. No other error is allowed. */
async function outcome(headers: Record<string, string | string[]>): Promise<unknown> {
  try {
    return await contact({ headers });
  } catch (error) {
    expect(error).toBeInstanceOf(JwtSessionError);
    return (error as JwtSessionError).code;
  }
}

test('jwtContact() returns null for a modified token and for any other text', async () => {
  expect(await outcome({ authorization: `Bearer ${good}` })).toMatchObject({ identifier: 'victim' });
  const altered = fc
    .tuple(fc.nat({ max: good.length - 1 }), fc.constantFrom(...'ABCxyz019-_.= %"'))
    .map(([at, character]) => good.slice(0, at) + character + good.slice(at + 1));
  const forged = fc
    .tuple(
      fc.constantFrom('HS256', 'none', 'None', 'HS384', 'RS256', '', 'hs256'),
      fc.dictionary(
        fc.constantFrom('kid', 'jku', 'jwk', 'x5u', 'crit', 'b64', 'zip', 'typ', '__proto__'),
        fc.jsonValue(),
      ),
      fc.constantFrom('', 'secret', 'null', secret.toString('hex')),
    )
    .map(([alg, header, key]) =>
      sign({ ...header, alg }, { iss: 'app', aud: 'app', sub: 'victim' }, Buffer.from(key)),
    );
  const cut = fc.nat({ max: good.length - 1 }).map((length) => good.slice(0, length));
  await always(
    6_000,
    fc.asyncProperty(fc.oneof(altered, forged, cut, hostileText), fc.boolean(), async (token, byCookie) => {
      // A token is still valid if only the last character differs, because base64url ignores two of its bits.
      const same = (text: string) => Buffer.from(text.split('.')[2] ?? '', 'base64url').toString('hex');
      const isGood =
        token.split('.').slice(0, 2).join() === good.split('.').slice(0, 2).join() &&
        same(token) === same(good);
      if (isGood) return;
      const headers = byCookie ? { cookie: `session=${token}` } : { authorization: `Bearer ${token}` };
      if (Object.values(headers).some((value) => value.includes(good))) return;
      expect(await outcome(headers)).toBeNull();
    }),
  );
});

test('jwtContact() returns a contact only if the issuer, audience and subject are valid, even with a valid signature', async () => {
  const claims = fc.dictionary(
    fc.constantFrom(
      'iss',
      'aud',
      'sub',
      'exp',
      'nbf',
      'iat',
      'act',
      'name',
      'email',
      'email_verified',
      '__proto__',
    ),
    fc.oneof(fc.constantFrom('app', ['app'], 'user-1', 0, -1, 1e10, Infinity, true, null), fc.jsonValue()),
  );
  await always(
    6_000,
    fc.asyncProperty(claims, async (payload) => {
      const found = await outcome({ authorization: `Bearer ${sign({ alg: 'HS256' }, payload)}` });
      if (found === null || found === 'identifier_missing') return;
      expect(payload.iss).toBe('app');
      expect([payload.aud].flat()).toContain('app');
      expect(payload.act).toBeUndefined();
      expect((found as { identifier: unknown }).identifier).toBe(payload.sub);
    }),
  );
});

test('jwtContact() reads only the cookie with the configured name, and never throws for a malformed header', async () => {
  const pairs = fc.array(
    fc.oneof(
      hostileText,
      fc
        .tuple(
          fc.constantFrom(
            'session',
            ' session',
            '\u00a0session',
            'session.0',
            'session.1',
            'Session',
            'xsession',
          ),
          fc.oneof(hostileText, fc.constant(good), fc.constant(`"${good}"`)),
        )
        .map(([name, value]) => `${name}=${value}`),
    ),
  );
  await always(
    6_000,
    fc.asyncProperty(pairs, async (parts) => {
      const cookie = parts.join(';');
      const found = await outcome({ cookie });
      if (found === null) return;
      expect(cookie).toMatch(/(?:^|;)[\t ]*session(?:\.0)?[\t ]*=/);
      expect(found).toMatchObject({ identifier: 'victim' });
    }),
  );
});
