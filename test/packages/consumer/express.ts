import { chatwootIdentity, chatwootLogout } from '@chatwoot-identity/express';
import express from 'express';
import { signedIn, signIn, signOut } from './session.js';
import { printStory } from './story.js';

void printStory((inbox) => {
  const app = express();
  app.use(chatwootIdentity({ inbox, contact: (req) => signedIn(req.headers.cookie), inject: true }));
  app.get('/', (_req, res) => {
    res.send('<!doctype html><title>Shop</title><h1>Welcome</h1>');
  });
  app.post('/login', (_req, res) => {
    res.setHeader('Set-Cookie', signIn()).sendStatus(204);
  });
  app.post('/logout', (_req, res) => {
    signOut();
    chatwootLogout(res);
    res.sendStatus(204);
  });
  return app;
});
