import { chatwootIdentity, chatwootLogout } from '@chatwoot-identity/fetch';
import { Elysia } from 'elysia';
import { serve } from 'srvx';
import { signIn, signOut, userOf } from './sessions.js';

const html = { 'Content-Type': 'text/html; charset=utf-8' };

const app = new Elysia()
  .get('/', () => new Response('<!doctype html><title>Shop</title><h1>Welcome</h1>', { headers: html }))
  .get('/login', ({ cookie, query }) => {
    cookie.session.set({ value: signIn(query.user), httpOnly: true, sameSite: 'lax', path: '/' });
    return new Response(null, { status: 303, headers: { Location: '/' } });
  })
  .post('/logout', ({ cookie, request }) => {
    signOut(cookie.session.value);
    cookie.session.remove();
    const headers = new Headers({ Location: '/' });
    chatwootLogout(request, headers);
    return new Response(null, { status: 303, headers });
  });

const chatwoot = chatwootIdentity({
  inbox: {
    hmacToken: process.env.CHATWOOT_HMAC_TOKEN,
    websiteToken: process.env.CHATWOOT_WEBSITE_TOKEN,
    baseUrl: process.env.CHATWOOT_BASE_URL,
  },
  contact: (request) => userOf(/(?:^|; )session=([\w-]+)/.exec(request.headers.get('cookie'))?.[1]),
  inject: true,
});

serve({ fetch: (request) => chatwoot(request, app.handle), port: process.env.PORT, hostname: 'localhost' });
