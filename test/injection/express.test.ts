import http from 'node:http';
import { Readable } from 'node:stream';
import { chatwootIdentity } from '@chatwoot-identity/express';
import express5 from 'express';
import express4 from 'express4';
import { ADA } from '../support/ada.js';
import { INBOX } from '../support/inbox.js';
import type { InjectionCase } from './cases.js';
import { testInjection } from './conformance.js';

type Respond = (
  res: express5.Response,
  page: Required<Pick<InjectionCase, 'status' | 'headers' | 'body'>>,
) => void;

/** The ways in which an Express app can send a page. */
const ways: Record<string, Respond> = {
  'res.send'(res, { status, headers, body }) {
    res.status(status).set(headers);
    if (Array.isArray(body)) Readable.from(chunks(body)).pipe(res);
    else res.send(body);
  },
  'res.end'(res, { status, headers, body }) {
    res.status(status).set(headers).end(whole(body));
  },
  'write and end'(res, { status, headers, body }) {
    res.status(status).set(headers);
    for (const chunk of chunks(body)) res.write(chunk);
    res.end();
  },
  'writeHead with an object'(res, { status, headers, body }) {
    res.writeHead(status, headers).end(whole(body));
  },
  'writeHead with a status'(res, { status, headers, body }) {
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
    res.writeHead(status).end(whole(body));
  },
  'writeHead with a message and an object'(res, { status, headers, body }) {
    res.writeHead(status, 'Fine', headers);
    for (const chunk of chunks(body)) res.write(chunk, () => {});
    res.end(() => {});
  },
  'writeHead with a list'(res, { status, headers, body }) {
    res.writeHead(status, Object.entries(headers).flat());
    res.end(whole(body), 'utf8', () => {});
  },
  'writeHead with content-length'(res, { status, headers, body }) {
    res.writeHead(status, { ...headers, ...(status !== 204 && { 'content-length': whole(body).length }) });
    res.end(whole(body));
  },
  pipe(res, { status, headers, body }) {
    res.writeHead(status, headers);
    Readable.from(chunks(body)).pipe(res);
  },
};

function chunks(body: InjectionCase['body']): (string | Buffer)[] {
  return (Array.isArray(body) ? body : [body as string | Buffer]).filter((chunk) => chunk.length > 0);
}

function whole(body: InjectionCase['body']): Buffer {
  return Buffer.concat(chunks(body).map((chunk) => Buffer.from(chunk as string)));
}

for (const [version, express] of [
  ['Express 5', express5],
  ['Express 4', express4 as unknown as typeof express5],
] as const) {
  for (const [way, respond] of Object.entries(ways)) {
    testInjection(`${version}, ${way}`, ({ status = 200, headers = {}, body }, inject) => {
      const app = express();
      if (inject) app.use(chatwootIdentity({ inbox: INBOX, contact: () => ADA, inject }));
      app.use((_req, res) => respond(res, { status, headers, body }));
      return http.createServer(app);
    });
  }
}
