import { chatwootIdentity } from '@chatwoot-identity/express';
import { jwtContact, jwtSession } from '@chatwoot-identity/jwt';
import express from 'express';
import { inbox } from './inbox.js';

export function createApp(issuer: string, audience: string): express.Express {
  const app = express();

  // #region recipe
  const jwksUri = new URL('.well-known/jwks.json', issuer);
  const session = jwtSession({ jwksUri, algorithms: ['RS256'], issuer, audience });
  app.use(chatwootIdentity({ inbox, contact: jwtContact(session) }));
  // #endregion

  return app;
}
