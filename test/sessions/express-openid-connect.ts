import { chatwootIdentity } from '@chatwoot-identity/express';
import express from 'express';
import { auth } from 'express-openid-connect';
import { inbox } from './inbox.js';

export function createApp(origin: string, issuer: string): express.Express {
  const app = express();

  app.use(
    auth({
      issuerBaseURL: issuer,
      baseURL: origin,
      clientID: 'web-app',
      clientSecret: 'a secret of the web app',
      secret: 'keyboard cat keyboard cat keyboard cat',
      authRequired: false,
      idpLogout: false,
      authorizationParams: { response_type: 'code', scope: 'openid profile email' },
    }),
  );
  // #region recipe
  app.use(
    chatwootIdentity({
      inbox,
      contact: ({ oidc: { user } }) =>
        user && { identifier: user.sub, name: user.name, email: user.email_verified ? user.email : null },
    }),
  );
  // #endregion

  app.get('/', (_req, res) => {
    res.sendStatus(204);
  });
  return app;
}
