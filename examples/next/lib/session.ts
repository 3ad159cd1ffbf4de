import { jwtVerify, SignJWT } from 'jose';
import { users } from '../../shop/users.js';

/** Somebody who can sign in. */
export type User = (typeof users)[number];

/** The session's cookie: who is signed in, in a token that the server has signed. */
export const SESSION = 'session';

export const sessionCookie = { httpOnly: true, sameSite: 'lax', path: '/' } as const;

/** Read at each request: a build has no secrets. */
const secret = () => new TextEncoder().encode(process.env.SESSION_SECRET);

/** The cookie's value for somebody; a real app checks a password before this. */
export function openSession(identifier: string): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(identifier)
    .setExpirationTime('8 hours')
    .sign(secret());
}

/** The user of a cookie's value, or null for none that counts. */
export async function userOf(cookie: string | undefined): Promise<User | null> {
  if (!cookie) return null;
  try {
    const { payload } = await jwtVerify(cookie, secret(), { algorithms: ['HS256'] });
    return users.find(({ identifier }) => identifier === payload.sub) ?? null;
  } catch {
    return null;
  }
}
