import type { RequestListener } from 'node:http';
import { createApp as authJs } from './auth-js.js';
import { createApp as auth0Jwt } from './auth0-jwt.js';
import { createApp as betterAuth } from './better-auth.js';
import { createApp as cookieSession } from './cookie-session.js';
import { createApp as expressOpenidConnect } from './express-openid-connect.js';
import { createApp as expressSession } from './express-session.js';
import { createApp as ironSession } from './iron-session.js';
import { audience, type Issuer } from './issuer.js';
import { createApp as jwtCookie } from './jwt-cookie.js';
import { createApp as koaPassport } from './koa-passport.js';
import { createApp as koaSession } from './koa-session.js';
import { createApp as nextAuth } from './next-auth.js';
import { createApp as passport } from './passport.js';
import { password, type User } from './users.js';
import type { Visitor } from './visitor.js';

/** An app with a session library, and functions that sign a user in and out. */
export interface Recipe {
  createApp(origin: string, issuer: Issuer): RequestListener;
  /** Signs a user in over HTTP, and returns the user's identifier in the app. */
  signIn(visitor: Visitor, user: User, issuer: Issuer): Promise<string>;
  signOut(visitor: Visitor): Promise<unknown>;
  /** Set if the identity contains no e-mail address because the app has not verified the address. */
  withoutEmail?: true;
}

const byForm: Pick<Recipe, 'signIn' | 'signOut'> = {
  async signIn(visitor, user) {
    const response = await visitor.post('/login', { email: user.email, password });
    if (!response.ok) throw new Error(`sign-in responded with ${response.status}`);
    return user.id;
  },
  signOut: (visitor) => visitor.post('/logout'),
};

/** Signs a user in and out with Auth.js or next-auth, which require a CSRF token in the form. */
const byAuthJs = (path: string): Pick<Recipe, 'signIn' | 'signOut'> => {
  const csrfToken = async (visitor: Visitor): Promise<string> =>
    (await (await visitor.get(`${path}/csrf`)).json()).csrfToken;
  return {
    async signIn(visitor, user) {
      const form = { email: user.email, password, csrfToken: await csrfToken(visitor) };
      const response = await visitor.post(`${path}/callback/credentials`, form);
      if (response.status !== 302) throw new Error(`sign-in responded with ${response.status}`);
      return user.id;
    },
    signOut: async (visitor) => visitor.post(`${path}/signout`, { csrfToken: await csrfToken(visitor) }),
  };
};

export const recipes: Record<string, Recipe> = {
  'express-session': { createApp: expressSession, ...byForm },
  'cookie-session': { createApp: cookieSession, ...byForm },
  passport: { createApp: passport, ...byForm },
  'iron-session': { createApp: ironSession, ...byForm },
  'jwt-cookie': { createApp: jwtCookie, ...byForm },
  'koa-session': { createApp: () => koaSession().callback(), ...byForm },
  'koa-passport': { createApp: () => koaPassport().callback(), ...byForm },
  'better-auth': {
    createApp: betterAuth,
    withoutEmail: true,
    async signIn(visitor, { name, email }) {
      await visitor.postJson('/api/auth/sign-up/email', { name, email, password });
      const response = await visitor.postJson('/api/auth/sign-in/email', { email, password });
      return (await response.json()).user.id;
    },
    signOut: (visitor) => visitor.postJson('/api/auth/sign-out', {}),
  },
  'auth-js': { createApp: authJs, ...byAuthJs('/auth') },
  'next-auth': { createApp: nextAuth, ...byAuthJs('/api/auth') },
  'express-openid-connect': {
    createApp: (origin, { issuer }) => expressOpenidConnect(origin, issuer),
    async signIn(visitor, user, { origin }) {
      await visitor.get(`${origin}/sign-in?user=${user.id}`);
      await visitor.get('/login');
      return user.id;
    },
    signOut: (visitor) => visitor.get('/logout'),
  },
  'auth0-jwt': {
    createApp: (_origin, { issuer }) => auth0Jwt(issuer, audience),
    async signIn(visitor, user, issuer) {
      visitor.token = await issuer.accessToken(user);
      return user.id;
    },
    async signOut(visitor) {
      visitor.token = undefined;
    },
  },
};
