import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import {
  type ChatwootIdentityPagesOptions,
  type ChatwootPagesContext,
  chatwootIdentityPages,
} from './pages-router.js';

const inbox = {
  hmacToken: 'EPyYngFb62yBMWXaSCrUZoL9',
  websiteToken: 'S7qSB2oFvtsTxvUmJrSLSdLr',
  baseUrl: 'https://chat.example.com',
};
const contact: ChatwootIdentityPagesOptions['contact'] = () => ({ identifier: 'ada' });

type Request = IncomingMessage & { cookies: Record<string, string> };

/** Serves an API route on a server that sets public headers first and, like Next.js, responds to an error with 500. */
async function serve(route: (req: Request, res: ServerResponse) => Promise<void>): Promise<string> {
  const server = createServer((req, res) => {
    res.setHeader('Cache-Control', 'public, max-age=3600');
    res.setHeader('Access-Control-Allow-Origin', '*');
    route(Object.assign(req, { cookies: {} }), res).catch((error) => {
      res.statusCode = 500;
      res.end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const noStore = {
  'cache-control': 'private, no-store',
  'cdn-cache-control': 'no-store',
  'surrogate-control': 'no-store',
};

test('handler serves the identity with no-store and without CORS headers', async () => {
  const url = await serve(chatwootIdentityPages({ inbox, contact }).handler);
  const response = await fetch(url);
  expect(await response.json()).toMatchObject({ identifier: 'ada' });
  expect(Object.fromEntries(response.headers)).toMatchObject(noStore);
  expect(response.headers.has('access-control-allow-origin')).toBe(false);
});

test('handler throws the error of contact, passes it to onError and sends no-store', async () => {
  const error = new Error('the session store is down');
  const reported: unknown[] = [];
  const { handler } = chatwootIdentityPages({
    inbox,
    contact: () => Promise.reject(error),
    onError: (reason, { req, res }) => reported.push(reason, req.url, res.headersSent),
  });
  const response = await fetch(`${await serve(handler)}/identity`);
  expect([response.status, await response.text()]).toEqual([500, String(error)]);
  expect(Object.fromEntries(response.headers)).toMatchObject(noStore);
  expect(reported).toEqual([error, '/identity', false]);
});

test('identity() sets no-store for the page of getServerSideProps, even if the app sets Cache-Control later', async () => {
  const { identity } = chatwootIdentityPages({ inbox, contact });
  const url = await serve(async (req, res) => {
    const found = await identity({ req, res, resolvedUrl: '/account' });
    res.setHeader('Cache-Control', 'public, max-age=60');
    res.end(found?.identifier);
  });
  const response = await fetch(url);
  expect(await response.text()).toBe('ada');
  expect(Object.fromEntries(response.headers)).toMatchObject(noStore);
  expect(response.headers.has('access-control-allow-origin')).toBe(false);
});

test('identity() rejects the context of getStaticProps and of _document without calling contact', async () => {
  const { identity } = chatwootIdentityPages({
    inbox,
    contact() {
      throw new Error('contact was called');
    },
  });
  const refusal = 'identity() was called where the page may be cached for all visitors';
  await expect(identity({ params: { slug: 'new' } } as never)).rejects.toThrow(refusal);
  await expect(identity(undefined as never)).rejects.toThrow(refusal);
  const url = await serve(async (req, res) => {
    await identity({ req, res, pathname: '/document' } as unknown as ChatwootPagesContext);
  });
  const response = await fetch(url);
  expect(await response.text()).toContain(refusal);
});
