// @ts-check
import { once } from 'node:events';
import { serve } from '@hono/node-server';
import { createApp } from './app.js';

const { CHATWOOT_HMAC_TOKEN = '', CHATWOOT_WEBSITE_TOKEN = '', CHATWOOT_BASE_URL = '' } = process.env;

const app = createApp({
  inbox: {
    hmacToken: CHATWOOT_HMAC_TOKEN,
    websiteToken: CHATWOOT_WEBSITE_TOKEN,
    baseUrl: CHATWOOT_BASE_URL,
  },
});
const server = serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000), hostname: 'localhost' });
await once(server, 'listening');
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
console.log(`The app:          http://localhost:${port}`);
