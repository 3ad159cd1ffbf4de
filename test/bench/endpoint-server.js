// @ts-check
import { createHmac } from 'node:crypto';
import http from 'node:http';
import { chatwootIdentity } from '@chatwoot-identity/express';
import express from 'express';
import { serve } from './compare.js';

const inbox = {
  hmacToken: 'wyHVRZzzJhjPMKR2h7LpeJVy',
  websiteToken: 'website-token',
  baseUrl: 'https://chat.example.com',
};
const user = { identifier: 'user-1234567890abcdef', name: 'Ada Lovelace', email: 'ada@example.com' };

/** As Chatwoot's documentation shows it. */
function identity() {
  const identifier_hash = createHmac('sha256', inbox.hmacToken).update(user.identifier).digest('hex');
  return { identifier: user.identifier, identifier_hash, name: user.name, email: user.email };
}

/** @param {express.RequestHandler[]} handlers */
function app(...handlers) {
  const app = express();
  app.use((_req, _res, next) => next(), ...handlers);
  app.get('/chatwoot/identity', (_req, res) => {
    res.set('Cache-Control', 'private, no-store').json(identity());
  });
  app.get('/api', (_req, res) => {
    res.json({ message: 'Hello', list: [1, 2, 3], more: 'a little text' });
  });
  return app;
}

/** @type {Record<string, () => http.RequestListener>} */
const variants = {
  'node:http': () => (req, res) => {
    if (req.url !== '/chatwoot/identity') return void res.writeHead(404).end();
    const body = JSON.stringify(identity());
    res.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      'Cache-Control': 'private, no-store',
    });
    res.end(body);
  },
  'by hand': () => app(),
  ours: () => app(chatwootIdentity({ inbox, contact: () => user })),
  'ours, injecting': () => app(chatwootIdentity({ inbox, contact: () => user, inject: true })),
};

serve(http.createServer(/** @type {() => http.RequestListener} */ (variants[process.argv[2] ?? ''])()));
