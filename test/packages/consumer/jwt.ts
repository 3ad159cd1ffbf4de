import { randomBytes } from 'node:crypto';
import { chatwootIdentity } from '@chatwoot-identity/express';
import { jwtContact, jwtSession } from '@chatwoot-identity/jwt';
import express from 'express';
import { SignJWT } from 'jose';
import { printStory } from './story.js';

const secret = randomBytes(32);
const session = jwtSession({
  secret,
  algorithms: ['HS256'],
  issuer: false,
  audience: 'shop',
  cookie: 'session',
});
let ended = false;

void printStory((inbox) => {
  const app = express();
  const contact = jwtContact(session);
  app.use(chatwootIdentity({ inbox, contact: (req) => (ended ? null : contact(req)), inject: true }));
  app.get('/', (_req, res) => {
    res.send('<!doctype html><title>Shop</title><h1>Welcome</h1>');
  });
  app.post('/login', async (_req, res) => {
    const token = await new SignJWT({ name: 'Ada Lovelace', email: 'ada@example.com' })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('user-1')
      .setAudience('shop')
      .setExpirationTime('5m')
      .sign(secret);
    res.setHeader('Set-Cookie', `session=${token}; HttpOnly; Path=/`).sendStatus(204);
  });
  app.post('/logout', (_req, res) => {
    ended = true;
    res.sendStatus(204);
  });
  return app;
});
