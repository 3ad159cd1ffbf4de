// @ts-check
import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { chatwootIdentity, chatwootLogout } from '@chatwoot-identity/koa';
import Router from '@koa/router';
import Koa from 'koa';
import files from 'koa-static';
import { page } from '../shop/page.js';
import { users } from '../shop/users.js';
import { sessions } from './sessions.js';

/**
 * Creates a shop with a login and a chat.
 *
 * @param {{ inbox: import('@chatwoot-identity/core').Inbox }} options the Chatwoot inbox that the chat belongs to
 */
export function createApp({ inbox }) {
  const app = new Koa({ keys: [process.env.SESSION_SECRET ?? randomBytes(32).toString('hex')] });
  app.use(sessions(app));
  app.use(chatwootIdentity({ inbox, contact: signedIn, inject: { settings: { darkMode: 'auto' } } }));
  app.use(files(fileURLToPath(new URL('../shop/public', import.meta.url))));

  const router = new Router();

  router.get('/', (ctx) => {
    ctx.body = page(ctx.state.sessionError ? null : signedIn(ctx), inbox);
  });

  router.post('/login', async (ctx) => {
    const form = new URLSearchParams(await text(ctx.req));
    await ctx.session?.regenerate();
    ctx.session = { userId: form.get('user') }; // a real app checks a password here
    ctx.status = 303;
    ctx.redirect('/');
  });

  router.post('/logout', (ctx) => {
    chatwootLogout(ctx);
    ctx.session = null;
    ctx.status = 303;
    ctx.redirect('/');
  });

  app.use(router.routes());
  return app;
}

/** @param {Koa.Context} ctx */
function signedIn(ctx) {
  // Throws an error, because returning null would mean an anonymous visitor and end the chat session.
  if (ctx.state.sessionError) throw ctx.state.sessionError;
  return users.find(({ identifier }) => identifier === ctx.session?.userId) ?? null;
}
