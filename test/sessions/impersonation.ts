import { chatwootIdentity } from '@chatwoot-identity/express';
import express from 'express';
import session from 'express-session';
import { inbox } from './inbox.js';
import { ada, bob, findUser } from './users.js';

declare module 'express-session' {
  interface SessionData {
    /** The id of the staff member who is signed in as `user`. */
    impersonatedBy: string;
  }
}

/** Creates an app in which Bob is staff and may sign in as any customer. */
export function createApp(): express.Express {
  const app = express();
  app.use(session({ secret: 'keyboard cat', resave: false, saveUninitialized: false }));

  // #region recipe
  app.use(
    chatwootIdentity({
      inbox,
      contact: ({ session: { user, impersonatedBy } }) =>
        user && !impersonatedBy && { identifier: user.id, name: user.name, email: user.email },
    }),
  );
  // #endregion

  app.post('/login', express.urlencoded(), (req, res) => {
    const user = findUser(req.body);
    if (user) req.session.user = user;
    res.sendStatus(user ? 204 : 401);
  });
  app.post('/impersonate', (req, res) => {
    if (req.session.user?.id !== bob.id) return void res.sendStatus(403);
    Object.assign(req.session, { user: ada, impersonatedBy: bob.id });
    res.sendStatus(204);
  });
  app.post('/stop-impersonating', (req, res) => {
    req.session.user = bob;
    delete req.session.impersonatedBy;
    res.sendStatus(204);
  });
  return app;
}
