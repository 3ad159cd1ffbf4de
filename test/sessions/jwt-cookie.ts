import { randomBytes } from 'node:crypto';
import { chatwootIdentity } from '@chatwoot-identity/express';
import { jwtSession } from '@chatwoot-identity/jwt';
import express from 'express';
import { SignJWT } from 'jose';
import { inbox } from './inbox.js';
import { findUser } from './users.js';

const secret = randomBytes(32);

/** Creates an app that stores each session in a cookie as a JWT that the app has signed. */
export function createApp(): express.Express {
  const app = express();

  // #region recipe
  const session = jwtSession<{ sub: string; name: string; email: string }>({
    secret,
    algorithms: ['HS256'],
    issuer: false,
    audience: 'web-app',
    cookie: 'session',
  });
  app.use(
    chatwootIdentity({
      inbox,
      contact: async (req) => {
        const claims = await session(req);
        return claims && { identifier: claims.sub, name: claims.name, email: claims.email };
      },
    }),
  );
  // #endregion

  app.post('/login', express.urlencoded(), async (req, res) => {
    const user = findUser(req.body);
    if (!user) return void res.sendStatus(401);
    const token = await new SignJWT({ name: user.name, email: user.email })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(user.id)
      .setAudience('web-app')
      .setExpirationTime('15m')
      .sign(secret);
    res.cookie('session', token, { httpOnly: true, sameSite: 'lax' }).sendStatus(204);
  });
  app.post('/logout', (_req, res) => {
    res.clearCookie('session').sendStatus(204);
  });
  return app;
}
