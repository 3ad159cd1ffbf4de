import http from 'node:http';
import { Readable } from 'node:stream';
import { chatwootIdentity } from '@chatwoot-identity/koa';
import koa3, { type Context } from 'koa';
import koa2 from 'koa2';
import { ADA } from '../support/ada.js';
import { INBOX } from '../support/inbox.js';
import type { InjectionCase } from './cases.js';
import { testInjection } from './conformance.js';

/** The kinds of body that a Koa app can set. Only Koa 3 supports web streams, `Blob` and `Response`. */
const bodies: Record<string, (body: InjectionCase['body']) => unknown> = {
  'string or Buffer': (body) => (Array.isArray(body) ? Readable.from(chunks(body)) : body),
  'Node stream': (body) => Readable.from(chunks(body)),
};
const webBodies: typeof bodies = {
  ReadableStream: (body) => webStream(body),
  Blob: (body) => new Blob(chunks(body)),
  Response: (body) => new Response(webStream(body)),
};

function chunks(body: InjectionCase['body']): Uint8Array<ArrayBuffer>[] {
  const list = Array.isArray(body) ? body : [body as string | Buffer];
  return list.filter((chunk) => chunk.length > 0).map((chunk) => new Uint8Array(Buffer.from(chunk)));
}

function webStream(body: InjectionCase['body']): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks(body)) controller.enqueue(chunk);
      controller.close();
    },
  });
}

for (const [version, Koa, kinds] of [
  ['Koa 3', koa3, { ...bodies, ...webBodies }],
  ['Koa 2', koa2, bodies],
] as const) {
  for (const [kind, toBody] of Object.entries(kinds)) {
    testInjection(`${version}, ${kind}`, ({ status = 200, headers = {}, body }, inject) => {
      const app = new Koa();
      if (inject) app.use(chatwootIdentity({ inbox: INBOX, contact: () => ADA, inject }));
      app.use((ctx: Context) => {
        ctx.set(headers);
        ctx.body = toBody(body);
        ctx.status = status;
      });
      return http.createServer(app.callback());
    });
  }
}
