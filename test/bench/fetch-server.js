// @ts-check
// Serves one variant for fetch.js on Node, Bun or Deno, and prints the port. Usage: `fetch-server.js "by hand" | ours`
import { chatwootIdentity } from '@chatwoot-identity/fetch';
import { headersByHand, identityByHand, inbox, user } from './app.js';
import { ENDING, pageOf } from './pages.js';

const page = pageOf(20_000) + ENDING;
const chunks = Array.from({ length: 4 }, (_, index) =>
  new TextEncoder().encode(page.slice((index * page.length) / 4, ((index + 1) * page.length) / 4)),
);
const html = { headers: { 'content-type': 'text/html; charset=utf-8' } };
const json = { headers: { 'content-type': 'application/json', ...headersByHand } };

/**
 * Returns the user if the request has a session cookie. Reading a header is a part of the work: @hono/node-server
 * creates the `Headers` object at the first access.
 *
 * @param {Request} request
 */
async function userOf(request) {
  return request.headers.get('cookie')?.startsWith('session=') ? user : null;
}

/** @param {Request} request */
async function app(request) {
  const { url } = request;
  if (!(await userOf(request))) return new Response('', { status: 401 });
  if (url.endsWith('/chatwoot/identity')) return new Response(JSON.stringify(identityByHand()), json);
  if (url.endsWith('/api')) return Response.json({ message: 'Hello' });
  return new Response(url.endsWith('/stream') ? streamed() : page, html);
}

function streamed() {
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      if (next < chunks.length) controller.enqueue(chunks[next++]);
      else controller.close();
    },
  });
}

const chatwoot = chatwootIdentity({ inbox, contact: userOf, inject: true });
const ours = process.argv.includes('ours');
const fetch = ours ? (/** @type {Request} */ request) => chatwoot(request, app) : app;
const { Bun, Deno } = /** @type {any} */ (globalThis);
const address = { port: 0, hostname: '127.0.0.1' };

if (Bun) print(Bun.serve({ ...address, fetch, development: false }));
else if (Deno) Deno.serve({ ...address, onListen: print }, fetch);
else {
  const { serve } = await import('@hono/node-server');
  serve({ ...address, fetch }, print);
}

/** @param {{ port: number }} address */
function print({ port }) {
  console.log(port);
}
