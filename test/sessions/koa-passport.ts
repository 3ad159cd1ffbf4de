import { chatwootIdentity } from '@chatwoot-identity/koa';
import Koa from 'koa';
import { KoaPassport } from 'koa-passport';
import session from 'koa-session';
import { Strategy as LocalStrategy } from 'passport-local';
import { form } from './form.js';
import { inbox } from './inbox.js';
import { ada, bob, findUser } from './users.js';

export function createApp(): Koa {
  const app = new Koa();
  app.keys = ['keyboard cat'];
  const passport = new KoaPassport();
  const findByLogin = new LocalStrategy({ usernameField: 'email' }, (email, password, done) =>
    done(null, findUser({ email, password }) ?? false),
  );
  passport.use(findByLogin);
  passport.serializeUser((user, done) => done(null, user.id));
  passport.deserializeUser((id, done) => done(null, [ada, bob].find((user) => user.id === id) ?? false));

  app.use(session(app));
  app.use(passport.initialize());
  // #region recipe
  app.use(passport.session());
  app.use(
    chatwootIdentity({
      inbox,
      contact: ({ state: { user } }) => user && { identifier: user.id, name: user.name, email: user.email },
    }),
  );
  // #endregion

  app.use(async (ctx, next) => {
    if (ctx.path === '/logout') await ctx.logout();
    if (ctx.path !== '/login') return next();
    Object.assign(ctx.request, { body: await form(ctx.req) });
    return passport.authenticate('local')(ctx, next);
  });
  app.use((ctx) => {
    ctx.status = 204;
  });
  return app;
}
