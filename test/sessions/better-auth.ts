import { chatwootIdentity } from '@chatwoot-identity/express';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { fromNodeHeaders, toNodeHandler } from 'better-auth/node';
import express from 'express';
import { inbox } from './inbox.js';

export function createApp(origin: string): express.Express {
  const app = express();
  const auth = betterAuth({
    baseURL: origin,
    secret: 'keyboard cat keyboard cat keyboard cat',
    database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
  });

  app.all('/api/auth/*splat', toNodeHandler(auth));
  // #region recipe
  app.use(
    chatwootIdentity({
      inbox,
      contact: async (req) => {
        const user = (await auth.api.getSession({ headers: fromNodeHeaders(req.headers) }))?.user;
        return (
          user && { identifier: user.id, name: user.name, email: user.emailVerified ? user.email : null }
        );
      },
    }),
  );
  // #endregion

  return app;
}
