import http from 'node:http';
import net from 'node:net';
import { chatwootIdentity } from '@chatwoot-identity/express';
import { chatwootIdentity as koaIdentity } from '@chatwoot-identity/koa';
import express from 'express';
import Koa from 'koa';
import { expect, test } from 'vitest';
import { ADA, INBOX } from '../injection/battery.js';
import { findMarkup, PLAIN } from '../injection/cases.js';
import { serving } from '../injection/http.js';

const options = { inbox: INBOX, contact: () => ADA, inject: true };

/** The whole answer to a request target that no URL parser has mended. */
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
  test.each(targets)(`${name}: the target %j cannot lead the page to another host`, async (target) => {
    const answer = await askRaw(app(), target);
    const body = Buffer.from(answer.slice(answer.indexOf('\r\n\r\n')));
    const found = findMarkup(body);
    if (!found) return expect(answer).not.toContain('evil.example/chatwoot');
    const script = /src="([^"]+)"/.exec(body.toString())![1]!.replaceAll('&#92;', '\\');
    for (const address of [script, String(found.data.identity_url)])
      expect(new URL(address, 'https://shop.example/page').origin).toBe('https://shop.example');
  });
}
