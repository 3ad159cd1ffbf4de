// @ts-check
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { chatwootIdentity, chatwootLogout } from '@chatwoot-identity/express';
import express from 'express';
import session from 'express-session';
import { page } from '../shop/page.js';
import { users } from '../shop/users.js';

/**
 * A shop with a login and a chat.
 *
 * @param {{ inbox: import('@chatwoot-identity/core').Inbox }} options the Chatwoot inbox that the chat belongs to
 */
export function createApp({ inbox }) {
  const app = express();
  app.use(
    session({
      secret: process.env.SESSION_SECRET ?? randomBytes(32).toString('hex'),
      resave: false,
      saveUninitialized: false,
      cookie: { sameSite: 'lax' },
    }),
  );
  app.use(chatwootIdentity({ inbox, contact: signedIn, inject: { settings: { darkMode: 'auto' } } }));
  app.use(express.static(fileURLToPath(new URL('../shop/public', import.meta.url))));

  app.get('/', (req, res) => {
    res.send(page(signedIn(req), inbox));
  });

  app.post('/login', express.urlencoded(), (req, res, next) => {
    req.session.regenerate((error) => {
      if (error) return next(error);
      req.session.userId = req.body?.user; // a real app checks a password here
      res.redirect(303, '/');
    });
  });

  app.post('/logout', (req, res, next) => {
    chatwootLogout(res);
    req.session.destroy((error) => {
      if (error) return next(error);
      res.redirect(303, '/');
    });
  });

  return app;
}

/** @param {express.Request} req */
function signedIn(req) {
  return users.find(({ identifier }) => identifier === req.session.userId) ?? null;
}
