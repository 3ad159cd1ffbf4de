// @ts-check
import http from 'node:http';
import { chatwootIdentity } from '@chatwoot-identity/express';
import express from 'express';
import { inbox, user } from './app.js';
import { serve } from './compare.js';
import { ENDING, pageOf } from './pages.js';

const count = Number.parseInt(process.argv[2] ?? '1', 10);
const inboxes = Array.from({ length: count }, (_, index) => ({
  ...inbox,
  hmacToken: `${inbox.hmacToken}${index}`,
  websiteToken: `website-token-${index}`,
}));
let requests = 0;

const page = pageOf(20_000) + ENDING;
const app = express();
app.use(
  chatwootIdentity({
    inbox: () => /** @type {typeof inbox} */ (inboxes[requests++ % count]),
    contact: () => user,
    inject: true,
  }),
);
app.get('/page', (_req, res) => {
  res.send(page);
});

serve(http.createServer(app));
