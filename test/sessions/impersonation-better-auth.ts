import { chatwootIdentity } from '@chatwoot-identity/express';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { fromNodeHeaders, toNodeHandler } from 'better-auth/node';
import { admin } from 'better-auth/plugins';
import express from 'express';
import { inbox } from './inbox.js';
import { bob } from './users.js';

/** Creates an app in which Bob is staff and may sign in as any customer. */
export function createApp(origin: string): express.Express {
  const app = express();
  const auth = betterAuth({
    baseURL: origin,
    secret: 'keyboard cat keyboard cat keyboard cat',
    database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
    databaseHooks: {
      user: {
        create: {
          before: async (user) => ({ data: { ...user, role: user.email === bob.email ? 'admin' : 'user' } }),
        },
      },
    },
    emailAndPassword: { enabled: true },
    plugins: [admin()],
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
  });

  app.all('/api/auth/*splat', toNodeHandler(auth));
  // #region recipe
  app.use(
    chatwootIdentity({
      inbox,
      contact: async (req) => {
        const signedIn = await auth.api.getSession({ headers: fromNodeHeaders(req.headers) });
        if (!signedIn || signedIn.session.impersonatedBy) return null;
        const { id, name, email, emailVerified } = signedIn.user;
        return { identifier: id, name, email: emailVerified ? email : null };
      },
    }),
  );
  // #endregion

  return app;
}
