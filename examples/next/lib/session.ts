import { jwtVerify, SignJWT } from 'jose';
import { users } from '../../shop/users.js';

/** A user of the shop. */
export type User = (typeof users)[number];

/**
 * The name of the session cookie. The value of the cookie is a token that contains the user and is signed by
 * the server.
 */
export const SESSION = 'session';

export const sessionCookie = { httpOnly: true, sameSite: 'lax', path: '/' } as const;

/** Reads the secret at each request, because a build has no secrets. */
const secret = () => new TextEncoder().encode(process.env.SESSION_SECRET);

/** Returns the value of the session cookie for a user. A real app checks a password first. */
export function openSession(identifier: string): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(identifier)
    .setExpirationTime('8 hours')
    .sign(secret());
}

/** Returns the user that a session cookie contains. Returns null if the cookie is missing or invalid. */
export async function userOf(cookie: string | undefined): Promise<User | null> {
  if (!cookie) return null;
  try {
    const { payload } = await jwtVerify(cookie, secret(), { algorithms: ['HS256'] });
    return users.find(({ identifier }) => identifier === payload.sub) ?? null;
  } catch {
    return null;
  }
}
