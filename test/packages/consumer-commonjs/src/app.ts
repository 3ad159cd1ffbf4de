import { chatwootIdentity } from '@chatwoot-identity/express';
import express, { type Express } from 'express';
import session from 'express-session';

declare module 'express-session' {
  interface SessionData {
    user: { id: string; name: string };
  }
}

export function createApp(): Express {
  const app = express();
  app.use(session({ secret: 'a secret of the test', resave: false, saveUninitialized: false }));
  app.use(
    chatwootIdentity({
      inbox: {
        hmacToken: process.env.CHATWOOT_HMAC_TOKEN,
        websiteToken: process.env.CHATWOOT_WEBSITE_TOKEN,
        baseUrl: process.env.CHATWOOT_BASE_URL,
      },
      contact: ({ session: { user } }) => user && { identifier: user.id, name: user.name },
      inject: true,
    }),
  );
  app.get('/', (_req, res) => {
    res.send('<!doctype html><title>Shop</title><h1>Welcome</h1>');
  });
  app.post('/login', (req, res) => {
    req.session.user = { id: 'user-1', name: 'Ada Lovelace' };
    res.sendStatus(204);
  });
  return app;
}
