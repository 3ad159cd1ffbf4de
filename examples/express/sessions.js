// @ts-check
import { randomBytes } from 'node:crypto';
import { RedisStore } from 'connect-redis';
import session from 'express-session';
import { redis } from '../shop/redis.js';

const handler = session({
  secret: process.env.SESSION_SECRET ?? randomBytes(32).toString('hex'),
  resave: false,
  saveUninitialized: false,
  cookie: { sameSite: 'lax' },
  ...(redis && { store: new RedisStore({ client: redis }) }),
});

/**
 * Stores logins in this process, or in Redis if REDIS_URL is set. If the session of a request cannot be read, the request
 * continues without `req.session`, so that the app still serves its pages.
 *
 * @type {import('express').RequestHandler}
 */
export const sessions = (req, res, next) =>
  handler(req, res, (error) => (error && !req.session ? next() : next(error)));
