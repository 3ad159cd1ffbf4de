import { createServer } from 'node:http';
import { chatwootIdentity } from '@chatwoot-identity/express';
import express from 'express';
import { expect } from 'vitest';
import { serving } from '../support/http.js';
import { reach } from '../support/page.js';
import { ada, bob, test } from '../support/scene.js';

/** Stores every response, as Workbox does with a route for the whole origin. */
const WORKER = `
addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => {
  if (new URL(event.request.url).origin !== location.origin) return;
  const response = fetch(event.request);
  event.respondWith(response.then((response) => response.clone()));
  event.waitUntil(
    Promise.all([response, caches.open('everything')])
      .then(([response, cache]) => cache.put(event.request, response))
      .catch(() => {}),
  );
});`;

test('a service worker that stores every response stores no identity', async ({ sandbox, page }) => {
  let user = ada;
  const app = express();
  app.use(chatwootIdentity({ inbox: sandbox.inbox, contact: () => user, inject: true }));
  app.get('/worker.js', (_req, res) => void res.type('js').send(WORKER));
  app.get('/', (_req, res) => void res.send('<!doctype html><title>Shop</title>'));
  await serving(createServer(app), async (url) => {
    await page.goto(url);
    await page.evaluate(async () => {
      const controlled = new Promise((resolve) =>
        navigator.serviceWorker.addEventListener('controllerchange', resolve),
      );
      await navigator.serviceWorker.register('/worker.js');
      await controlled;
    });
    for (const person of [ada, bob]) {
      user = person;
      await page.reload();
      await reach(page, 'connected');
    }
    const stored = await page.evaluate(async () => {
      const cache = await caches.open('everything');
      return (await cache.keys()).map(({ url }) => new URL(url).pathname);
    });
    expect(stored).toContain('/');
    expect(stored).not.toContain('/chatwoot/identity');
  });
});
