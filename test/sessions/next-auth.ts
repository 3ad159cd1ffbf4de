import { createRequire } from 'node:module';
import { chatwootIdentity } from '@chatwoot-identity/express';
import cookieParser from 'cookie-parser';
import express from 'express';
import type { NextAuthOptions } from 'next-auth';
import { getToken } from 'next-auth/jwt';
import { inbox } from './inbox.js';
import { findUser } from './users.js';

// next-auth is a CommonJS package, so its default export is a property of the object that an ES module imports.
const require = createRequire(import.meta.url);
const { default: NextAuth } = require('next-auth') as typeof import('next-auth');
const { default: CredentialsProvider } =
  require('next-auth/providers/credentials') as typeof import('next-auth/providers/credentials');

const secret = 'keyboard cat keyboard cat keyboard cat';

const authOptions: NextAuthOptions = {
  secret,
  providers: [
    CredentialsProvider({
      credentials: { email: {}, password: {} },
      authorize: async (form) => findUser(form) ?? null,
    }),
  ],
};

/** Creates an Express app with the handlers that next-auth provides for the Pages Router. */
export function createApp(origin: string): express.Express {
  process.env.NEXTAUTH_URL = origin;
  const app = express();

  app.use(cookieParser());
  app.all('/api/auth/*nextauth', express.urlencoded(), (req, res) => {
    Object.defineProperty(req, 'query', { value: { ...req.query, ...req.params } });
    return NextAuth(req as never, res as never, authOptions);
  });
  // #region recipe
  app.use(
    chatwootIdentity({
      inbox,
      contact: async (req) => {
        const token = await getToken({ req, secret });
        return token && { identifier: token.sub!, name: token.name, email: token.email };
      },
    }),
  );
  // #endregion

  return app;
}
