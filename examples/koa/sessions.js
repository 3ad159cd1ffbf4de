// @ts-check
import session from 'koa-session';
import { redis } from '../shop/redis.js';

/**
 * Stores logins in the session cookie, or in Redis if REDIS_URL is set. If the session of a request cannot be read, the
 * request continues with an empty session and `ctx.state.sessionError`, so that the app still serves its pages.
 *
 * @param {import('koa')} app
 */
export const sessions = (app) =>
  session({ sameSite: 'lax', prefix: 'sess:', ...(redis && { store: storeIn(redis) }) }, app);

/** @param {NonNullable<typeof import('../shop/redis.js').redis>} client */
const storeIn = (client) => ({
  /** @type {(key: string, maxAge: number, options: { ctx?: import('koa').Context }) => Promise<object | null>} */
  async get(key, _maxAge, { ctx }) {
    try {
      return JSON.parse((await client.get(key)) ?? 'null');
    } catch (error) {
      if (ctx) ctx.state.sessionError = error;
      return null;
    }
  },
  /** @type {(key: string, session: object, maxAge: number) => Promise<void>} */
  async set(key, session, maxAge) {
    await client.set(key, JSON.stringify(session), { expiration: { type: 'PX', value: maxAge } });
  },
  /** @type {(key: string) => Promise<void>} */
  async destroy(key) {
    await client.del(key);
  },
});
