import http from 'node:http';
import { type ChatwootIdentityOptions, chatwootIdentity } from '@chatwoot-identity/express';
import express, { type RequestHandler } from 'express';
import { expect, test } from 'vitest';
import { INBOX } from '../injection/battery.js';
import { PLAIN } from '../injection/cases.js';
import { ask, serving } from '../injection/http.js';

/** Keeps whole responses in the app's memory, whatever they say to caches, as apicache does. */
function keepsResponses(): RequestHandler {
  const kept = new Map<string, Buffer>();
  return (req, res, next) => {
    const found = kept.get(req.url);
    if (found) return void res.type('html').end(found);
    const end = res.end as (...args: unknown[]) => typeof res;
    res.end = ((chunk: Buffer | string, ...rest: []) => {
      kept.set(req.url, Buffer.from(chunk));
      return end.call(res, chunk, ...rest);
    }) as typeof res.end;
    next();
  };
}

const chat = (inject: NonNullable<ChatwootIdentityOptions['inject']>) =>
  chatwootIdentity({
    inbox: INBOX,
    contact: ({ headers }) => ({ identifier: String(headers['x-user']) }),
    inject,
  });

/** Bob's page, after Ada's. */
async function pageOfBob(...handlers: RequestHandler[]): Promise<string> {
  const app = express();
  app.use(handlers);
  app.use((_req, res) => void res.send(PLAIN));
  return serving(http.createServer(app), async (url) => {
    await ask(url, { headers: { 'x-user': 'ada' } });
    return (await ask(url, { headers: { 'x-user': 'bob' } })).body.toString();
  });
}

test.each([
  ['before', () => [keepsResponses(), chat('fetch')]],
  ['after', () => [chat('fetch'), keepsResponses()]],
])(
  "a cache of whole responses inside the app, mounted %s us, keeps nobody with inject: 'fetch'",
  async (_order, handlers) => {
    const page = await pageOfBob(...handlers());
    expect(page).toContain('id="chatwoot-identity"');
    expect(page).not.toMatch(/identifier|ada|bob/);
  },
);

test.each([
  ['before', () => [keepsResponses(), chat(true)]],
  ['after', () => [chat(true), keepsResponses()]],
])(
  'such a cache, mounted %s us, hears no Cache-Control: with inject: true it keeps the first user (see SECURITY.md)',
  async (_order, handlers) => {
    expect(await pageOfBob(...handlers())).toContain('"identifier":"ada"');
  },
);
