import { jwtSession } from '@chatwoot-identity/jwt';
import { SignJWT } from 'jose';

const secret = new TextEncoder().encode('a secret of the test, of 32 bytes');
const HS256 = { secret, algorithms: ['HS256'] } as const;

export const session = jwtSession({ ...HS256, issuer: false, audience: 'shop', cookie: 'session' });

/** Returns the value of a session cookie for Ada. */
export function signIn(): Promise<string> {
  const token = new SignJWT({ name: 'Ada Lovelace', email: 'ada@example.com' });
  token.setProtectedHeader({ alg: 'HS256' }).setSubject('user-1').setAudience('shop').setExpirationTime('5m');
  return token.sign(secret);
}
