import { chatwootIdentity } from '@chatwoot-identity/express';
import type { INestApplication } from '@nestjs/common';
import session from 'express-session';
import { inbox } from './inbox';

/** Configures the app. `main.ts` calls this function before the app listens. */
export function setUp(app: INestApplication): void {
  app.use(session({ secret: 'a secret of the test', resave: false, saveUninitialized: false }));
  app.use(
    chatwootIdentity({
      inbox,
      contact: ({ session: { user } }) => user && { identifier: user.id, name: user.name },
      inject: true,
    }),
  );
}
