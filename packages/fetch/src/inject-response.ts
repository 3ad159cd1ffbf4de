import { isHtml, type Page, type PendingResponse, WebHeaders } from '@chatwoot-identity/core/internal';
import type { AskedRequest } from './asked-request.js';

type Reader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

/** Returns the response with the chat in it; the same response if it is not a page. */
export async function injectInto<Context>(
  response: Response,
  page: Page<AskedRequest<Context>>,
  method: string,
): Promise<Response> {
  const { status } = response;
  if (status !== 304 && !isHtml(pendingResponse(response))) return response;
  const { statusText, body } = response; // read only now: @hono/node-server sends an untouched response faster
  // Copied, because the headers of a response from fetch() or Response.redirect() are immutable.
  const headers = new Headers(response.headers);
  const pending = pendingResponse({ status, headers });
  if (status === 304 || method === 'HEAD') {
    page.begin(pending);
    // As a new stream, which is not read here: Bun and workerd would send the length of the body without the chat.
    const unread = body && streamOf(undefined, body.getReader(), undefined);
    return new Response(unread, { status, statusText, headers });
  }
  if (!body) return response;
  const reader: Reader = body.getReader();
  // They show whether the response is a whole document, before its headers are sent.
  const bytes = await read(reader);
  const isPage = bytes && page.begin(pending, { bytes, complete: false });
  const rest = bytes && streamOf(bytes, reader, isPage ? page : undefined);
  return new Response(rest ?? null, { status, statusText, headers: isPage ? headers : response.headers });
}

function pendingResponse({ status, headers }: Pick<Response, 'status' | 'headers'>): PendingResponse {
  return { status, headers: new WebHeaders(headers), final: true };
}

/** The next bytes of a body; undefined at its end. */
async function read(reader: Reader): Promise<Buffer<ArrayBuffer> | undefined> {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return undefined;
    if (value.length > 0) return toBuffer(value);
  }
}

/** A view of the same bytes. Most servers also accept strings in a stream. */
function toBuffer(chunk: Uint8Array<ArrayBuffer> | string): Buffer<ArrayBuffer> {
  return typeof chunk === 'string'
    ? Buffer.from(chunk)
    : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

/**
 * A body, with the chat in it if a page is given. It is read no faster than it is consumed.
 *
 * @param first the bytes that were already read
 */
function streamOf<Context>(
  first: Buffer<ArrayBuffer> | undefined,
  reader: Reader,
  page: Page<AskedRequest<Context>> | undefined,
): ReadableStream<Uint8Array> {
  let next = first;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        // A pull that enqueues nothing is not followed by another one.
        for (;;) {
          const bytes: Buffer<ArrayBuffer> | undefined = next ?? (await read(reader));
          next = undefined;
          if (!bytes) {
            const rest = page?.injector.end(await page.markup());
            if (rest?.length) controller.enqueue(rest);
            return controller.close();
          }
          const passing = page ? page.injector.push(bytes) : bytes;
          if (passing.length > 0) return controller.enqueue(passing);
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
