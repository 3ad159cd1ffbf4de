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

/** About how many bytes of a page are read before its headers are sent, if they are available without waiting. */
const LONGEST_BEGINNING: number = 256 * 1024;

/** Returns the response with the chat injected, or the same response if it is not a page. */
export async function injectInto<Context>(
  response: Response,
  page: Page<FetchRequest<Context>>,
  request: Request,
): Promise<Response> {
  const { status } = response;
  if (status !== 304 && !isHtml(pendingResponse(response))) return response;
  const { statusText, body } = response; // read only now: @hono/node-server sends an untouched response faster
  // Copied, because the headers of a response from fetch() or Response.redirect() are immutable.
  const headers = new Headers(response.headers);
  const pending = pendingResponse({ status, headers });
  // The app may have passed a copy of the request to chatwootLogout: React Router 7 gives one to its actions.
  if (headers.get('set-cookie')?.includes('cw_conversation=;')) logOut(request, '');
  if (status === 304 || request.method === 'HEAD') {
    page.begin(pending);
    // A new stream hides the length of the body without the chat, which Bun and workerd would otherwise send.
    return new Response(body && streamOf(body.getReader(), []), { status, statusText, headers });
  }
  if (!body) return response;
  const reader: Reader = body.getReader();
  // The first bytes show whether the response is a whole document, which must be known before its headers are sent.
  const { bytes, next } = await readBeginning(reader, request);
  const reads = next ? [bytes, next] : [bytes];
  if (!page.begin(pending, { bytes, complete: !next })) {
    const rest = next ? streamOf(reader, reads) : bytes;
    return new Response(bytes.length > 0 ? rest : null, { status, statusText, headers: response.headers });
  }
  const markup = next ? undefined : page.markup(bytes.subarray(0, 4096));
  const whole =
    Buffer.isBuffer(markup) && Buffer.concat([page.injector.push(bytes), page.injector.end(markup)]);
  return new Response(whole || streamOf(reader, reads, page), { status, statusText, headers });
}

function pendingResponse({ status, headers }: Pick<Response, 'status' | 'headers'>): PendingResponse {
  return { status, headers: new WebHeaders(headers), final: true };
}

/**
 * Reads the first bytes of a body, and all others that are available without waiting. A body that was created from a
 * string is available as a whole: sending it in one piece is several times faster than streaming it, and gives it a
 * length.
 *
 * @returns the bytes, which may be empty, and the pending `next` read, left out if the body has ended
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
      // The server has received no response yet, so it cannot cancel the stream if the client disconnects.
      const { signal } = request;
      const cancel = () => void reader.cancel(signal.reason).catch(() => {});
      // If the client disconnected while the app was responding, no event follows.
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

/** The next bytes of a body; undefined at its end. */
async function read(reader: Reader): Promise<Bytes | undefined> {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return undefined;
    const bytes = toBuffer(value);
    if (bytes.length > 0) return bytes;
  }
}

/** The result of a read that settles without waiting for I/O; undefined otherwise. Never rejects. */
async function atHand(read: Promise<Bytes | undefined>): Promise<{ chunk: Bytes | undefined } | undefined> {
  let found: { chunk: Bytes | undefined } | undefined;
  read.then(
    (chunk) => {
      found = { chunk };
    },
    () => {}, // the reader of the stream receives the error
  );
  for (let turns = 0; turns < 10 && !found; turns++) await undefined;
  return found;
}

function join(chunks: Bytes[]): Bytes {
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

/**
 * A view of the same bytes. Most servers also accept strings in a stream, and some accept an ArrayBuffer.
 *
 * @throws {TypeError} if the chunk is anything else, as servers do
 */
function toBuffer(chunk: ArrayBufferView<ArrayBuffer> | ArrayBuffer | string): Bytes {
  if (typeof chunk === 'string') return Buffer.from(chunk);
  return ArrayBuffer.isView(chunk)
    ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    : Buffer.from(chunk);
}

/**
 * Streams a body, with the chat injected if a page is given. Reads it only as fast as the stream is consumed.
 *
 * @param reads the bytes that were already read, or are being read
 */
function streamOf<Context>(
  reader: Reader,
  reads: (Bytes | Promise<Bytes | undefined>)[],
  page?: Page<FetchRequest<Context>>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream(
    {
      async pull(controller) {
        // Loops until there are bytes, because a pull that enqueues nothing is not repeated.
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
