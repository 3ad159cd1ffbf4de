// @ts-check
import { randomBytes } from 'node:crypto';
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie';

const secret = process.env.SESSION_SECRET ?? randomBytes(32).toString('hex');
const name = 'session';

/**
 * Returns the user's id from the signed cookie that represents the login.
 *
 * @param {import('hono').Context} c
 * @returns the id, or undefined for an anonymous visitor
 */
export const userId = async (c) => (await getSignedCookie(c, secret, name)) || undefined;

/**
 * @param {import('hono').Context} c
 * @param {string} id
 */
export const signIn = (c, id) => setSignedCookie(c, name, id, secret, { httpOnly: true, sameSite: 'Lax' });

/** @param {import('hono').Context} c */
export const signOut = (c) => deleteCookie(c, name);
