import type { Server } from 'node:http';
import { chatwootIdentity } from '@chatwoot-identity/fetch';
import { createAdaptorServer } from '@hono/node-server';
import { ADA } from '../support/ada.js';
import { INBOX } from '../support/inbox.js';
import type { InjectionCase } from './cases.js';
import { type BuildApp, testInjection } from './conformance.js';

/** The kinds of body that a `Response` can have. */
const bodies: Record<string, (body: InjectionCase['body']) => BodyInit | null> = {
  'string or bytes': (body) => (Array.isArray(body) ? stream(body) : wholeOf(body as string | Buffer)),
  ReadableStream: (body) => stream([body].flat() as (string | Buffer)[]),
};

function wholeOf(body: string | Buffer): string | Uint8Array<ArrayBuffer> {
  return typeof body === 'string' ? body : new Uint8Array(body);
}

/** Creates a stream that provides one chunk for each read. */
function stream(chunks: readonly (string | Buffer)[]): ReadableStream<Uint8Array> {
  const rest = chunks.map((chunk) => Buffer.from(chunk));
  return new ReadableStream({
    pull(controller) {
      const chunk = rest.shift();
      if (chunk) controller.enqueue(new Uint8Array(chunk));
      else controller.close();
    },
  });
}

for (const [kind, toBody] of Object.entries(bodies)) {
  const build: BuildApp = ({ status = 200, headers = {}, body }, inject) => {
    const app = () => new Response(status === 204 ? null : toBody(body), { status, headers });
    const chatwoot = inject && chatwootIdentity({ inbox: INBOX, contact: () => ADA, inject });
    const fetch = (request: Request) => chatwoot?.(request, app) ?? app();
    return createAdaptorServer({ fetch }) as Server;
  };
  testInjection(`Fetch, @hono/node-server, ${kind}`, build, 'server');
}
