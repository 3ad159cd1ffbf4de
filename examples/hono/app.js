// @ts-check
import { fileURLToPath } from 'node:url';
import { chatwootIdentity, chatwootLogout } from '@chatwoot-identity/fetch';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { page } from '../shop/page.js';
import { users } from '../shop/users.js';
import { signIn, signOut, userId } from './sessions.js';

/**
 * Creates a shop with a login and a chat.
 *
 * @param {{ inbox: import('@chatwoot-identity/core').Inbox }} options the Chatwoot inbox that the chat belongs to
 */
export function createApp({ inbox }) {
  const chatwoot = chatwootIdentity({
    inbox,
    contact: (_request, /** @type {import('hono').Context} */ c) => signedIn(c),
    inject: { settings: { darkMode: 'auto' } },
  });

  const app = new Hono();
  app.use(async (c, next) => {
    const response = await chatwoot(
      c.req.raw,
      async (request) => {
        c.req.raw = request;
        await next();
        return c.res;
      },
      c,
    );
    c.res = undefined; // otherwise Hono copies the headers of the old response into the new response
    c.res = response;
  });
  app.use(serveStatic({ root: fileURLToPath(new URL('../shop/public', import.meta.url)) }));

  app.get('/', async (c) => c.html(page(await signedIn(c), inbox)));

  app.post('/login', async (c) => {
    const { user } = await c.req.parseBody();
    await signIn(c, String(user)); // a real app checks a password here
    return c.redirect('/', 303);
  });

  app.post('/logout', (c) => {
    signOut(c);
    const response = c.redirect('/', 303);
    chatwootLogout(c.req.raw, response.headers);
    return response;
  });

  return app;
}

/** @param {import('hono').Context} c */
async function signedIn(c) {
  const id = await userId(c);
  return users.find(({ identifier }) => identifier === id) ?? null;
}
