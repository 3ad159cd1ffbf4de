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
 * Keeps logins in this process, or in Redis where REDIS_URL names one. A request whose session cannot be read goes on
 * without `req.session`, so that pages still come.
 *
 * @type {import('express').RequestHandler}
 */
export const sessions = (req, res, next) =>
  handler(req, res, (error) => (error && !req.session ? next() : next(error)));
