import { chatwootIdentity } from '@chatwoot-identity/express';
import cookieSession from 'cookie-session';
import express from 'express';
import { inbox } from './inbox.js';
import { findUser } from './users.js';

export function createApp(): express.Express {
  const app = express();

  // #region recipe
  app.use(cookieSession({ keys: ['keyboard cat'] }));
  app.use(
    chatwootIdentity({
      inbox,
      contact: ({ session }) =>
        session?.user && { identifier: session.user.id, name: session.user.name, email: session.user.email },
    }),
  );
  // #endregion

  app.post('/login', express.urlencoded(), (req, res) => {
    const user = findUser(req.body);
    if (user) req.session.user = user;
    res.sendStatus(user ? 204 : 401);
  });
  app.post('/logout', (req, res) => {
    Object.assign(req, { session: null });
    res.sendStatus(204);
  });
  return app;
}
