import {
  isHtml,
  logOut,
  type Page,
  type PendingResponse,
  WebHeaders,
} from '@chatwoot-identity/core/internal';
import type { AskedRequest } from './asked-request.js';

type Bytes = Buffer<ArrayBuffer>;
type Reader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

/** As many bytes of a page as are read before its headers are sent, if they are at hand. */
const LONGEST_BEGINNING: number = 256 * 1024;

/** Returns the response with the chat in it; the same response if it is not a page. */
export async function injectInto<Context>(
  response: Response,
  page: Page<AskedRequest<Context>>,
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
    // As a new stream, which is not read here: Bun and workerd would send the length of the body without the chat.
    return new Response(body && streamOf(body.getReader(), []), { status, statusText, headers });
  }
  if (!body) return response;
  const reader: Reader = body.getReader();
  // The beginning shows whether the response is a whole document, before its headers are sent.
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
 * Reads the first bytes of a body, and those that are at hand. A body that was made from a string is at hand as a whole:
 * sent in one piece it is several times faster than as a stream, and has a length.
 *
 * @returns the bytes, none if the body is empty, and the read that comes next; undefined if the body has ended
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
      // Nothing has been sent, so the server has no stream to cancel yet.
      const { signal } = request;
      const cancel = () => void reader.cancel(signal.reason).catch(() => {});
      // If the client went away while the app was responding, no event follows.
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

/** The result of a read that settles without input or output; undefined if it does not. Never fails. */
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
 * A body, with the chat in it if a page is given. It is read no faster than it is consumed.
 *
 * @param reads the bytes that were already read, or are being read
 */
function streamOf<Context>(
  reader: Reader,
  reads: (Bytes | Promise<Bytes | undefined>)[],
  page?: Page<AskedRequest<Context>>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream(
    {
      async pull(controller) {
        // A pull that enqueues nothing is not followed by another one.
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
