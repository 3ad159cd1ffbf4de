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
        const session = await auth.api.getSession({ headers: fromNodeHeaders(req.headers) });
        if (!session) return null;
        const { id, name, email, emailVerified } = session.user;
        return { identifier: id, name, email: emailVerified ? email : null };
      },
    }),
  );
  // #endregion

  return app;
}
