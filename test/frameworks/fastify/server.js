import { logoutCookies } from '@chatwoot-identity/core';
import { chatwootIdentity } from '@chatwoot-identity/express';
import cookie from '@fastify/cookie';
import session from '@fastify/session';
import Fastify from 'fastify';
import { users } from './sessions.js';

const app = Fastify();
await app.register(cookie);
await app.register(session, {
  secret: process.env.SESSION_SECRET,
  cookie: { secure: false },
  saveUninitialized: false,
});

const chatwoot = chatwootIdentity({
  inbox: {
    hmacToken: process.env.CHATWOOT_HMAC_TOKEN,
    websiteToken: process.env.CHATWOOT_WEBSITE_TOKEN,
    baseUrl: process.env.CHATWOOT_BASE_URL,
  },
  contact: ({ session }) => users[session.user],
  inject: true,
});
app.addHook('onRequest', (request, reply, done) => {
  const { session, hostname } = request;
  chatwoot(Object.assign(request.raw, { session, hostname }), reply.raw, done);
});

app.get('/', (_request, reply) =>
  reply.type('text/html; charset=utf-8').send('<!doctype html><title>Shop</title><h1>Welcome</h1>'),
);
app.get('/login', (request, reply) => {
  request.session.user = request.query.user;
  return reply.redirect('/', 303);
});
app.post('/logout', async (request, reply) => {
  for (const cookie of logoutCookies(request, request.hostname)) reply.header('Set-Cookie', cookie);
  await request.session.destroy();
  return reply.redirect('/', 303);
});
await app.listen({ port: process.env.PORT });
