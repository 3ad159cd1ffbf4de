// @ts-check
import { fileURLToPath } from 'node:url';
import { chatwootIdentity, chatwootLogout } from '@chatwoot-identity/express';
import express from 'express';
import { page } from '../shop/page.js';
import { users } from '../shop/users.js';
import { sessions } from './sessions.js';

/**
 * Creates a shop with a login and a chat.
 *
 * @param {{ inbox: import('@chatwoot-identity/core').Inbox }} options the Chatwoot inbox that the chat belongs to
 */
export function createApp({ inbox }) {
  const app = express();
  app.use(sessions);
  app.use(chatwootIdentity({ inbox, contact: signedIn, inject: { settings: { darkMode: 'auto' } } }));
  app.use(express.static(fileURLToPath(new URL('../shop/public', import.meta.url))));

  app.get('/', (req, res) => {
    res.send(page(req.session ? signedIn(req) : null, inbox));
  });

  app.post('/login', express.urlencoded(), (req, res, next) => {
    req.session.regenerate((error) => {
      if (error) return next(error);
      req.session.userId = req.body?.user; // a real app checks a password here
      // Save the session first, because another process may handle the next request.
      req.session.save((error) => (error ? next(error) : res.redirect(303, '/')));
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
  // Throws an error, because returning null would mean an anonymous visitor and end the chat session.
  if (!req.session) throw new Error('The session cannot be read.');
  return users.find(({ identifier }) => identifier === req.session.userId) ?? null;
}
