import { chatwootIdentity, chatwootLogout } from '@chatwoot-identity/koa';
import Koa from 'koa';
import { signedIn, signIn, signOut } from './session.js';
import { printStory } from './story.js';

void printStory((inbox) => {
  const app = new Koa();
  app.use(chatwootIdentity({ inbox, contact: (ctx) => signedIn(ctx.get('cookie')), inject: true }));
  app.use((ctx) => {
    if (ctx.path === '/') {
      ctx.body = '<!doctype html><title>Shop</title><h1>Welcome</h1>';
    } else {
      if (ctx.path === '/login') ctx.set('Set-Cookie', signIn());
      if (ctx.path === '/logout') {
        signOut();
        chatwootLogout(ctx);
      }
      ctx.status = 204;
    }
  });
  return app.callback();
});
