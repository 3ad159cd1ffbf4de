import { pipeline, Readable, Transform } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { headersOf, isPage, type Page, type ResponseHead } from '@chatwoot-identity/core/adapter';
import type { Context } from 'koa';

/** What core looks at and changes of a Koa response. */
export function headOf(ctx: Context): ResponseHead {
  return { status: ctx.status, nonce: ctx.state.cspNonce, headers: headersOf(ctx.res) };
}

/**
 * Lets the body that the app has set go through the page's tail. Done when the head is decided, so that the middlewares
 * outside see the one that goes out.
 */
export function injectInto(ctx: Context, page: Page): Promise<void> | undefined {
  const { body } = ctx;
  if (!body || ctx.headerSent || ctx.respond === false) return undefined;
  const head = headOf(ctx);
  const html = isPage(head);
  if (!html || ctx.method === 'HEAD') {
    page.begin(head);
    // Koa measures the body of a HEAD that has lost its Content-Length.
    if (html) ctx.body = Readable.from([]);
    return undefined;
  }
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  if (Buffer.isBuffer(bytes)) {
    if (page.begin(head, { bytes, complete: true })) ctx.body = whole(page, bytes);
    return undefined;
  }
  const source = streamOf(body);
  return source && stream(ctx, page, source);
}

/** A whole page as one body, or in two parts while the identity is still on its way. */
function whole(page: Page, bytes: Buffer): Buffer | Readable {
  const front = page.tail.push(bytes);
  const written = page.markup();
  if (typeof written === 'string') return Buffer.concat([front, page.tail.end(written)]);
  async function* parts() {
    yield front;
    yield page.tail.end(await written);
  }
  return Readable.from(parts());
}

/** What streams a body. Anything else is JSON to Koa. */
function streamOf(body: unknown): Readable | undefined {
  if (body instanceof Blob) return streamOf(body.stream());
  if (body instanceof Response) return streamOf(body.body);
  if (body instanceof ReadableStream) return Readable.fromWeb(body);
  return typeof (body as Readable | null)?.pipe === 'function' ? (body as Readable) : undefined;
}

/** Streams a page. Its first bytes tell whether it is one, and have to come for the head to go out anyway. */
function stream(ctx: Context, page: Page, source: Readable): Promise<void> {
  return new Promise((decided) => {
    let injected: boolean | undefined;
    const through = new Transform({
      transform(bytes: Buffer, _encoding, done) {
        injected ??= !ctx.headerSent && page.begin(headOf(ctx), { bytes, complete: false });
        decided();
        done(null, injected ? page.tail.push(bytes) : bytes);
      },
      async flush(done) {
        if (injected === undefined) ctx.length = 0;
        decided();
        done(null, injected ? page.tail.end(await page.markup()) : undefined);
      },
    }).once('close', decided);
    const length = ctx.response.get('Content-Length');
    ctx.body = through;
    if (length) ctx.set('Content-Length', length);
    // Koa 2 reports the errors of every stream it is given, and has been given this one's source.
    through.removeAllListeners('error');
    pipeline(source, through, () => {});
  });
}
