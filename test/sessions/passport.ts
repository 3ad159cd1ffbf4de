import { chatwootIdentity } from '@chatwoot-identity/express';
import express from 'express';
import session from 'express-session';
import { Passport } from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import { inbox } from './inbox.js';
import { type User as AppUser, ada, bob, findUser } from './users.js';

declare global {
  namespace Express {
    interface User extends AppUser {}
  }
}

export function createApp(): express.Express {
  const app = express();
  const passport = new Passport();
  const findByLogin = new LocalStrategy({ usernameField: 'email' }, (email, password, done) =>
    done(null, findUser({ email, password }) ?? false),
  );
  passport.use(findByLogin);
  passport.serializeUser((user, done) => done(null, user.id));
  passport.deserializeUser((id, done) => done(null, [ada, bob].find((user) => user.id === id) ?? false));

  app.use(session({ secret: 'keyboard cat', resave: false, saveUninitialized: false }));
  // #region recipe
  app.use(passport.session());
  app.use(
    chatwootIdentity({
      inbox,
      contact: ({ user }) => user && { identifier: user.id, name: user.name, email: user.email },
    }),
  );
  // #endregion

  app.post('/login', express.urlencoded(), passport.authenticate('local'), (_req, res) => {
    res.sendStatus(204);
  });
  app.post('/logout', (req, res, next) => {
    req.logout((error) => (error ? next(error) : res.sendStatus(204)));
  });
  return app;
}
