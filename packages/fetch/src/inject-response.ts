import {
  isHtml,
  logOut,
  type Page,
  type PendingResponse,
  WebHeaders,
} from '@chatwoot-identity/core/internal';
import type { FetchRequest } from './fetch-request.js';

type Bytes = Buffer<ArrayBuffer>;
type Reader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

/**
 * The approximate maximum number of bytes to read before a page's headers are sent. Apart from the first chunk, only
 * bytes that are available without waiting are read.
 */
const LONGEST_BEGINNING: number = 256 * 1024;

/** Returns a response with the chat injected, or an equivalent response if the body is not an HTML page. */
export async function injectInto<Context>(
  response: Response,
  page: Page<FetchRequest<Context>>,
  request: Request,
): Promise<Response> {
  const { status } = response;
  if (status !== 304 && !isHtml(pendingResponse(response))) return response;
  const { statusText, body } = response; // not accessed earlier, because @hono/node-server is faster if `body` is never accessed
  // Copy the headers, because a response from fetch() or Response.redirect() has immutable headers.
  const headers = new Headers(response.headers);
  const pending = pendingResponse({ status, headers });
  // The app may have called chatwootLogout with a copy of the request, because React Router 7 passes a copy to actions.
  if (headers.get('set-cookie')?.includes('cw_conversation=;')) logOut(request, '');
  if (status === 304 || request.method === 'HEAD') {
    page.begin(pending);
    // Wrap the body in a new stream: otherwise Bun and workerd would send the length of the body without the chat.
    return new Response(body && streamOf(body.getReader(), []), { status, statusText, headers });
  }
  if (!body) return response;
  const reader: Reader = body.getReader();
  // Read the first bytes before the headers are sent, because they show whether the response is a whole document.
  const { bytes, next } = await readBeginning(reader, request);
  const reads = next ? [bytes, next] : [bytes];
  if (!page.begin(pending, { bytes, complete: !next })) {
    const rest = next ? streamOf(reader, reads) : bytes;
    return new Response(bytes.length > 0 ? rest : null, { status, statusText, headers: response.headers });
  }
  const markup = next ? undefined : page.markup();
  const whole =
    Buffer.isBuffer(markup) && Buffer.concat([page.injector.push(bytes), page.injector.end(markup)]);
  return new Response(whole || streamOf(reader, reads, page), { status, statusText, headers });
}

function pendingResponse({ status, headers }: Pick<Response, 'status' | 'headers'>): PendingResponse {
  return { status, headers: new WebHeaders(headers), final: true };
}

/**
 * Reads the first bytes of a body, and all further bytes that are available without waiting. A body that was created
 * from a string is available as a whole: sending such a body in one piece is several times faster than streaming, and
 * the server can send its length.
 *
 * @returns `bytes`, which may be empty, and the pending read in `next`, which is missing if the body has ended
 */
async function readBeginning(
  reader: Reader,
  request: Request,
): Promise<{ bytes: Bytes; next?: Promise<Bytes | undefined> }> {
  const chunks: Bytes[] = [];
  let length = 0;
  for (let next = read(reader); ; next = read(reader)) {
    let found = await atHand(next);
    if (!found && length === 0) {
      // The server has no response yet, so it cannot cancel the body if the client disconnects. Cancel the body here.
      const { signal } = request;
      const cancel = () => void reader.cancel(signal.reason).catch(() => {});
      // If the client disconnected while the app was responding, the abort event has already fired.
      if (signal.aborted) cancel();
      else signal.addEventListener('abort', cancel);
      found = { chunk: await next };
    }
    if (found && !found.chunk) return { bytes: join(chunks) };
    if (!found?.chunk || length > LONGEST_BEGINNING) return { bytes: join(chunks), next };
    chunks.push(found.chunk);
    length += found.chunk.length;
  }
}

/** Returns the next bytes of a body, or undefined at the end of the body. */
async function read(reader: Reader): Promise<Bytes | undefined> {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return undefined;
    const bytes = toBuffer(value);
    if (bytes.length > 0) return bytes;
  }
}

/** Returns the result of a read if it resolves without waiting for I/O, otherwise undefined. Never rejects. */
async function atHand(read: Promise<Bytes | undefined>): Promise<{ chunk: Bytes | undefined } | undefined> {
  let found: { chunk: Bytes | undefined } | undefined;
  read.then(
    (chunk) => {
      found = { chunk };
    },
    () => {}, // the consumer of the stream receives the error
  );
  for (let turns = 0; turns < 10 && !found; turns++) await undefined;
  return found;
}

function join(chunks: Bytes[]): Bytes {
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

/**
 * Returns the bytes of a chunk, without copying binary data. Accepts strings and ArrayBuffers too, because most servers
 * accept strings in a stream, and some accept an ArrayBuffer.
 *
 * @throws {TypeError} if the chunk has any other type
 */
function toBuffer(chunk: ArrayBufferView<ArrayBuffer> | ArrayBuffer | string): Bytes {
  if (typeof chunk === 'string') return Buffer.from(chunk);
  return ArrayBuffer.isView(chunk)
    ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    : Buffer.from(chunk);
}

/**
 * Returns a stream of a body, with the chat injected if a page is given. Reads the body only as fast as the returned
 * stream is consumed.
 *
 * @param reads the chunks that were already read, followed by pending reads
 */
function streamOf<Context>(
  reader: Reader,
  reads: (Bytes | Promise<Bytes | undefined>)[],
  page?: Page<FetchRequest<Context>>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream(
    {
      async pull(controller) {
        // Loop until there are bytes, because the stream does not repeat a call of `pull` that enqueued nothing.
        for (;;) {
          const bytes = await (reads.shift() ?? read(reader));
          if (!bytes) {
            const rest = page?.injector.end(await page.markup());
            if (rest?.length) controller.enqueue(rest as Bytes);
            return controller.close();
          }
          const passing = page ? (page.injector.push(bytes) as Bytes) : bytes;
          if (passing.length > 0) return controller.enqueue(passing);
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
