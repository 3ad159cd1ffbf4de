import { pipeline, Readable, Transform } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import {
  injectIntoText,
  isHtml,
  NodeHeaders,
  type Page,
  type PendingResponse,
} from '@chatwoot-identity/core/internal';
import type { Context } from 'koa';

/** Adapts a Koa response to the interface that the core package expects. */
export function pendingResponse(ctx: Context): PendingResponse {
  return { status: ctx.status, nonce: ctx.state.cspNonce, headers: new NodeHeaders(ctx.res) };
}

/**
 * Injects the chat into the response body that the app has set. Preserves the type of the body (string, Buffer or
 * stream), because middleware mounted earlier may process the body further.
 */
export async function injectInto(ctx: Context, page: Page<Context>): Promise<void> {
  const { body } = ctx;
  if (ctx.headerSent || ctx.respond === false) return;
  const response = pendingResponse(ctx);
  if (ctx.status === 304) page.begin(response);
  if (!body || !isHtml(response)) return;
  if (typeof body === 'string') {
    // The first 4,096 characters are enough to tell an HTML document from a fragment. A fragment is not changed.
    const beginning = body.slice(0, 4096);
    page.begin(response, { bytes: Buffer.from(beginning), complete: true });
    if (!page.isPage) return;
    const markup = ctx.method === 'HEAD' ? page.constantMarkup() : await page.markup();
    // For a HEAD request, Koa computes Content-Length from the body. Set an empty stream if the length of the page is
    // unknown: Koa then sends no Content-Length.
    ctx.body = markup ? (injectIntoText(body, String(markup)) ?? body) : Readable.from([]);
  } else if (ctx.method === 'HEAD') {
    page.begin(response);
    if (page.isPage) ctx.body = Readable.from([]);
  } else if (Buffer.isBuffer(body)) {
    if (!page.begin(response, { bytes: body, complete: true })) return;
    const front = page.injector.push(body);
    ctx.body = Buffer.concat([front, page.injector.end(await page.markup())]);
  } else {
    const source = streamOf(body);
    if (source) await injectIntoStream(ctx, page, source);
  }
}

/** Returns a response body as a Node stream, or undefined for a value that Koa sends as JSON. */
function streamOf(body: unknown): Readable | undefined {
  if (body instanceof Blob) return streamOf(body.stream());
  if (body instanceof Response) return streamOf(body.body);
  if (body instanceof ReadableStream) return Readable.fromWeb(body);
  return typeof (body as Readable | null)?.pipe === 'function' ? (body as Readable) : undefined;
}

/**
 * Sets a body that injects the chat into the source stream. Resolves when the first bytes have shown whether the stream
 * is an HTML page. Waiting for the first bytes delays nothing, because Koa sends the headers together with the first
 * bytes anyway.
 */
function injectIntoStream(ctx: Context, page: Page<Context>, source: Readable): Promise<void> {
  return new Promise((decided) => {
    let isPage: boolean | undefined;
    const through = new Transform({
      transform(bytes: Buffer, _encoding, done) {
        isPage ??= !ctx.headerSent && page.begin(pendingResponse(ctx), { bytes, complete: false });
        decided();
        done(null, isPage ? page.injector.push(bytes) : bytes);
      },
      async flush(done) {
        if (isPage === undefined) ctx.length = 0;
        decided();
        done(null, isPage ? page.injector.end(await page.markup()) : undefined);
      },
    }).once('close', decided);
    const length = ctx.response.get('Content-Length');
    ctx.body = through;
    if (length) ctx.set('Content-Length', length);
    // Koa 2 reports errors of every stream that is set as the body. The app has already set `source`, so Koa would report
    // each error twice without this line.
    through.removeAllListeners('error');
    pipeline(source, through, () => {});
  });
}
