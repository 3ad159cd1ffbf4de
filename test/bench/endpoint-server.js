// @ts-check
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { chatwootIdentity } from '@chatwoot-identity/express';
import { chatwootIdentity as chatwootIdentityKoa } from '@chatwoot-identity/koa';
import express from 'express';
import Koa from 'koa';
import { headersByHand, identityByHand, inbox, user } from './app.js';
import { serve } from './compare.js';

const PATH = '/chatwoot/identity';
const options = { inbox, contact: () => user };
const other = { message: 'Hello', list: [1, 2, 3], more: 'a little text' };

/** @param {express.RequestHandler[]} handlers */
function expressApp(...handlers) {
  const app = express();
  app.use((_req, _res, next) => next(), ...handlers);
  app.get(PATH, (_req, res) => {
    res.set(headersByHand).json(identityByHand());
  });
  app.get('/api', (_req, res) => {
    res.json(other);
  });
  return app;
}

/** @param {Koa.Middleware[]} middlewares */
function koaApp(...middlewares) {
  const app = new Koa();
  for (const middleware of [/** @type {Koa.Middleware} */ ((_ctx, next) => next()), ...middlewares])
    app.use(middleware);
  app.use((ctx) => {
    if (ctx.path === PATH) {
      ctx.set(headersByHand);
      ctx.body = identityByHand();
    } else if (ctx.path === '/api') ctx.body = other;
  });
  return app.callback();
}

/** @param {string} path */
async function nextApp(path) {
  const { default: next } = await import('next');
  const dir = fileURLToPath(new URL('next', import.meta.url));
  const app = /** @type {any} */ (next)({ dev: false, dir });
  await app.prepare();
  const handle = app.getRequestHandler();
  return (/** @type {http.IncomingMessage} */ req, /** @type {http.ServerResponse} */ res) => {
    req.url = path;
    return handle(req, res);
  };
}

/** @type {Record<string, () => http.RequestListener | Promise<http.RequestListener>>} */
const variants = {
  'node:http': () => (req, res) => {
    if (req.url !== PATH) return void res.writeHead(404).end();
    const body = JSON.stringify(identityByHand());
    res.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      ...headersByHand,
    });
    res.end(body);
  },
  'Express by hand': () => expressApp(),
  'Express, ours': () => expressApp(chatwootIdentity(options)),
  'Express, ours injecting': () => expressApp(chatwootIdentity({ ...options, inject: true })),
  'Koa by hand': () => koaApp(),
  'Koa, ours': () => koaApp(chatwootIdentityKoa(options)),
  'Koa, ours injecting': () => koaApp(chatwootIdentityKoa({ ...options, inject: true })),
  'Next by hand': () => nextApp('/by-hand'),
  'Next, ours': () => nextApp(PATH),
};

serve(
  http.createServer(
    await /** @type {() => http.RequestListener} */ (variants[process.argv[2] ?? 'node:http'])(),
  ),
);
