import { chatwootIdentity } from '@chatwoot-identity/express';
import cookie from '@fastify/cookie';
import session from '@fastify/session';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { users } from './sessions.js';

const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter());
await app.register(cookie);
await app.register(session, { secret: process.env.SESSION_SECRET!, cookie: { secure: false } });

const chatwoot = chatwootIdentity({
  inbox: {
    hmacToken: process.env.CHATWOOT_HMAC_TOKEN,
    websiteToken: process.env.CHATWOOT_WEBSITE_TOKEN,
    baseUrl: process.env.CHATWOOT_BASE_URL,
  },
  contact: ({ session }) => users[session.get('user')],
  inject: true,
});
app
  .getHttpAdapter()
  .getInstance()
  .addHook('onRequest', (request, reply, done) => {
    const { session, hostname } = request;
    chatwoot(Object.assign(request.raw, { session, hostname }), reply.raw, done);
  });

await app.listen(process.env.PORT!, 'localhost');
