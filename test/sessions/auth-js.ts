import { ExpressAuth, type ExpressAuthConfig, getSession } from '@auth/express';
import Credentials from '@auth/express/providers/credentials';
import { chatwootIdentity } from '@chatwoot-identity/express';
import express from 'express';
import { inbox } from './inbox.js';
import { findUser } from './users.js';

export function createApp(): express.Express {
  const app = express();
  const authConfig: ExpressAuthConfig = {
    secret: 'keyboard cat keyboard cat keyboard cat',
    trustHost: true,
    // Disables the log, because Auth.js logs every forged cookie.
    logger: { error: () => {} },
    providers: [
      Credentials({ credentials: { email: {}, password: {} }, authorize: (form) => findUser(form) ?? null }),
    ],
    // Adds the id, because Auth.js omits the id from the session by default.
    callbacks: {
      session: ({ session, token }) => ({ ...session, user: { ...session.user, id: token.sub! } }),
    },
  };

  app.set('trust proxy', true);
  app.use(/^\/auth\/(.*)/, ExpressAuth(authConfig));
  // #region recipe
  app.use(
    chatwootIdentity({
      inbox,
      contact: async (req) => {
        const user = (await getSession(req, authConfig))?.user;
        return user && { identifier: user.id!, name: user.name, email: user.email };
      },
    }),
  );
  // #endregion

  return app;
}
