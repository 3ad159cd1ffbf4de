import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen, type Running } from '../support/http.js';
import type { Machine } from './machine.js';

/**
 * Forwards requests to the machines in turn. Skips a machine that is down, as nginx does for GET. Adds the name
 * of the machine to each response, as the header `X-Machine`.
 */
export async function startBalancer(machines: readonly Machine[]): Promise<Running> {
  let turn = 0;
  const server: Server = createServer(async (request, response) => {
    const body = request.method === 'GET' ? null : await text(request);
    const first = turn++;
    for (let tries = 0; tries < machines.length; tries++) {
      const index = (first + tries) % machines.length;
      try {
        const answer = await forward(machines[index]!, request, body);
        const bytes = Buffer.from(await answer.arrayBuffer());
        response.setHeader('X-Machine', index);
        for (const name of ['content-type', 'cache-control', 'location']) {
          const value = answer.headers.get(name);
          if (value !== null) response.setHeader(name, value);
        }
        response.setHeader('Set-Cookie', answer.headers.getSetCookie());
        response.writeHead(answer.status).end(bytes);
        return;
      } catch {
        if (body !== null) break; // the failed machine may already have handled the request
      }
    }
    response.writeHead(502).end();
  });
  return listen(server);
}

function forward({ url }: Machine, request: IncomingMessage, body: string | null): Promise<Response> {
  const headers = new Headers();
  for (const name of ['cookie', 'content-type']) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  return fetch(url + request.url, { method: request.method!, headers, body, redirect: 'manual' });
}
