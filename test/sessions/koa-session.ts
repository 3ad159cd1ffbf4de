import { chatwootIdentity } from '@chatwoot-identity/koa';
import Koa from 'koa';
import session from 'koa-session';
import { form } from './form.js';
import { inbox } from './inbox.js';
import { findUser } from './users.js';

export function createApp(): Koa {
  const app = new Koa();
  app.keys = ['keyboard cat'];

  // #region recipe
  app.use(session(app));
  app.use(
    chatwootIdentity({
      inbox,
      contact: ({ session }) =>
        session?.user && { identifier: session.user.id, name: session.user.name, email: session.user.email },
    }),
  );
  // #endregion

  app.use(async (ctx) => {
    ctx.status = 204;
    if (ctx.path === '/logout') ctx.session = null;
    if (ctx.path !== '/login') return;
    const user = findUser(await form(ctx.req));
    if (user) ctx.session.user = user;
    else ctx.status = 401;
  });
  return app;
}
