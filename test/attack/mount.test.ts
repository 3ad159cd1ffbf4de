import http from 'node:http';
import net from 'node:net';
import { chatwootIdentity } from '@chatwoot-identity/express';
import { chatwootIdentity as fetchIdentity } from '@chatwoot-identity/fetch';
import { chatwootIdentity as koaIdentity } from '@chatwoot-identity/koa';
import { createAdaptorServer } from '@hono/node-server';
import express, { Router } from 'express';
import express4 from 'express4';
import Koa from 'koa';
import { describe, expect, test } from 'vitest';
import { ADA } from '../support/ada.js';
import { ask, NAVIGATION, serving } from '../support/http.js';
import { INBOX } from '../support/inbox.js';
import { findMarkup, PLAIN } from '../support/markup.js';

const options = { inbox: INBOX, contact: () => ADA, inject: 'inline' as const };

/** Creates a server for web requests that serves the same page at every path. */
function fetchServer(html: string): http.Server {
  const chat = fetchIdentity(options);
  const app = () => new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8' } });
  return createAdaptorServer({ fetch: (request) => chat(request, app) }) as http.Server;
}

/** Sends a request target without normalising it, and returns the whole response as text. */
function askRaw(server: http.Server, target: string): Promise<string> {
  return serving(
    server,
    (url) =>
      new Promise((resolve) => {
        let answer = '';
        const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
        socket.on('data', (chunk) => {
          answer += chunk;
        });
        socket.on('close', () => resolve(answer));
        socket.write(`GET ${target} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n`);
      }),
  );
}

const apps: Record<string, () => http.Server> = {
  'Express, mounted on a parameter'() {
    const app = express();
    app.use('/:tenant', chatwootIdentity(options));
    app.use((_req, res) => void res.send(PLAIN));
    return http.createServer(app);
  },
  'Koa, behind a rewrite'() {
    const app = new Koa();
    app.use((ctx, next) => {
      ctx.path = '/page';
      return next();
    });
    app.use(koaIdentity(options));
    app.use((ctx) => {
      ctx.body = PLAIN;
    });
    return http.createServer(app.callback());
  },
  'Fetch, @hono/node-server': () => fetchServer(PLAIN),
  Koa() {
    const app = new Koa();
    app.use(koaIdentity(options));
    app.use((ctx) => {
      ctx.body = PLAIN;
    });
    return http.createServer(app.callback());
  },
};

const targets = [
  '//evil.example/page',
  '/\\evil.example/page',
  '/\\/evil.example/page',
  '\\\\evil.example/page',
  'http://evil.example/page',
  '//page',
  '/%5Cevil.example/page',
  '/%2F%2Fevil.example/page',
  '/..//evil.example/page',
];

for (const [name, app] of Object.entries(apps)) {
  test.each(targets)(
    `${name}: the request target %j does not put another host into the addresses of the page`,
    async (target) => {
      const answer = await askRaw(app(), target);
      const body = Buffer.from(answer.slice(answer.indexOf('\r\n\r\n')));
      const found = findMarkup(body);
      if (!found) return expect(answer).not.toContain('evil.example/chatwoot');
      const script = /src="([^"]+)"/.exec(body.toString())![1]!.replaceAll('&#92;', '\\');
      for (const address of [script, String(found.data.identity_url)])
        expect(new URL(address, 'https://shop.example/page').origin).toBe('https://shop.example');
    },
  );
}

const FOUND = { script: 'text/javascript; charset=utf-8', identity: 'application/json' };

/** Resolves the addresses of the script and the endpoint in a page as a browser does, and requests both. */
async function follow(server: http.Server, path: string): Promise<{ script: unknown; identity: unknown }> {
  return serving(server, async (url) => {
    const { body } = await ask(url + path, { headers: { ...NAVIGATION, host: new URL(url).host } });
    const text = body.toString();
    const base = /<base href="([^"]*)"/.exec(text)?.[1] ?? '';
    const script = /<script src="([^"]*)"/.exec(text)![1]!;
    const at = new URL(script, new URL(base, url + path));
    expect(at.host).toBe(new URL(url).host);
    // The page script resolves identity_url against the page's URL.
    const identity = new URL(String(findMarkup(body)!.data.identity_url), url + path);
    return {
      script: (await ask(`${url}${at.pathname}`)).headers['content-type'],
      identity: (await ask(identity.href)).headers['content-type'],
    };
  });
}

describe.each<[string, () => http.Server]>([
  [
    'Express 5, mounted on a wildcard',
    () => http.createServer(express().use('/{*splat}', chatwootIdentity(options), page)),
  ],
  [
    'Express 4, mounted on a wildcard',
    () =>
      http.createServer((express4 as unknown as typeof express)().use('*', chatwootIdentity(options), page)),
  ],
  [
    'Express, mounted on a path in a router on a path',
    () =>
      http.createServer(express().use('/shop', Router().use('/en', chatwootIdentity(options), page), page)),
  ],
])('%s', (_name, build) => {
  test.each(['/shop/en/products/1', '/shop/en/', '/shop/en'])(
    'the page %s contains addresses of the script and the endpoint that the middleware serves',
    async (path) => {
      expect(await follow(build(), path)).toEqual(FOUND);
    },
  );
});

function page(_req: express.Request, res: express.Response): void {
  res.send(PLAIN);
}

test.each([
  [
    'Express',
    (html: string) =>
      http.createServer(express().use(chatwootIdentity(options), (_req, res) => void res.send(html))),
  ],
  [
    'Koa',
    (html: string) => {
      const app = new Koa();
      app.use(koaIdentity(options));
      app.use((ctx) => {
        ctx.body = html;
      });
      return http.createServer(app.callback());
    },
  ],
  ['Fetch, @hono/node-server', fetchServer],
])('%s: a <base href> does not change the host of the script', async (_name, build) => {
  for (const base of ['http://cdn.example.com/', '//cdn.example.com/', '/app/']) {
    const html = PLAIN.replace('<head>', `<head><base href="${base}">`);
    expect(await follow(build(html), '/products/1')).toEqual(FOUND);
  }
});
