import { chatwootIdentity } from '@chatwoot-identity/express';
import express from 'express';
import session from 'express-session';
import { inbox } from './inbox.js';
import { findUser, type User } from './users.js';

declare module 'express-session' {
  interface SessionData {
    user: User;
  }
}

export function createApp(): express.Express {
  const app = express();

  // #region recipe
  app.use(session({ secret: 'keyboard cat', resave: false, saveUninitialized: false }));
  app.use(
    chatwootIdentity({
      inbox,
      contact: ({ session: { user } }) => user && { identifier: user.id, name: user.name, email: user.email },
    }),
  );
  // #endregion

  app.post('/login', express.urlencoded(), (req, res, next) => {
    const user = findUser(req.body);
    if (!user) return void res.sendStatus(401);
    req.session.regenerate((error) => {
      if (error) return next(error);
      req.session.user = user;
      res.sendStatus(204);
    });
  });
  app.post('/logout', (req, res, next) => {
    req.session.destroy((error) => (error ? next(error) : res.sendStatus(204)));
  });
  return app;
}
