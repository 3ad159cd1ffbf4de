import type { Question } from './audited-endpoint.js';

/** A request that tries something, and the part of it that does. */
type HostileRequest = Question & { readonly part: string };

/** An origin that is nobody's. */
export const ATTACKER = 'https://attacker.example';

/** Requests that try to choose who is signed, with the names that real endpoints have listened to. */
export const choosing: readonly HostileRequest[] = ['1', 'chatwoot-identity-audit'].flatMap((user) => [
  {
    part: 'query string',
    query: named(
      ['identifier', 'id', 'user', 'userId', 'user_id', 'uid', 'sub', 'contact', 'email'],
      user,
    ).join('&'),
  },
  {
    part: 'cookie',
    headers: { cookie: named(['identifier', 'user', 'userId', 'user_id', 'uid', 'cw_vid'], user).join('; ') },
  },
  {
    part: 'header',
    headers: {
      'x-user-id': user,
      'x-user': user,
      'x-identifier': user,
      'x-forwarded-user': user,
      'x-remote-user': user,
    },
  },
  // Decoded, but not verified: whoever writes such a token names its user.
  { part: 'unsigned token', headers: { authorization: `Bearer ${unsignedToken(user)}` } },
]);

/** Requests that careless parsers choke on. */
export const malformed: readonly HostileRequest[] = [
  { part: 'query string', query: '%E0%A4%A&__proto__[x]=1&a[]=&=' },
  { part: 'cookie', headers: { cookie: 'session=%E0%A4%A; =; "; __proto__=1; session' } },
  { part: 'token', headers: { authorization: 'Bearer not.a.token' } },
];

function unsignedToken(user: string): string {
  const claims = { sub: user, id: user, user_id: user, userId: user, email: user, exp: 4_102_444_800 };
  return [{ alg: 'none', typ: 'JWT' }, claims, '']
    .map((part) => part && Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
}

function named(names: readonly string[], value: string): string[] {
  return names.map((name) => `${name}=${value}`);
}
