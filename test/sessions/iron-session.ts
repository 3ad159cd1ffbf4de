import { chatwootIdentity } from '@chatwoot-identity/express';
import express from 'express';
import { getIronSession } from 'iron-session';
import { inbox } from './inbox.js';
import { findUser, type User } from './users.js';

const sessionOptions = {
  cookieName: 'session',
  password: 'keyboard cat keyboard cat keyboard cat',
  cookieOptions: { secure: false },
};

export function createApp(): express.Express {
  const app = express();

  // #region recipe
  app.use(
    chatwootIdentity({
      inbox,
      contact: async (req) => {
        const { user } = await getIronSession<{ user?: User }>(req, req.res!, sessionOptions);
        return user && { identifier: user.id, name: user.name, email: user.email };
      },
    }),
  );
  // #endregion

  app.post('/login', express.urlencoded(), async (req, res) => {
    const user = findUser(req.body);
    if (!user) return void res.sendStatus(401);
    const session = await getIronSession<{ user?: User }>(req, res, sessionOptions);
    session.user = user;
    await session.save();
    res.sendStatus(204);
  });
  app.post('/logout', async (req, res) => {
    const session = await getIronSession<{ user?: User }>(req, res, sessionOptions);
    session.destroy();
    res.sendStatus(204);
  });
  return app;
}
