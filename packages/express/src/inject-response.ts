import { isHtml, NodeHeaders, type Page, type PendingResponse } from '@chatwoot-identity/core/internal';
import type { Request, Response } from 'express';
import { type Callback, chunkAndCallback, deferHeaders, toBuffer } from './write-arguments.js';

/** Describes an Express response to core. */
export function pendingResponse(res: Response, final = false): PendingResponse {
  return { status: res.statusCode, nonce: res.locals?.cspNonce, headers: new NodeHeaders(res), final };
}

/**
 * Injects the chat into a response. Everything that writes one (`send`, `render`, `sendFile`, `pipe`, the app itself)
 * calls `writeHead`, `write` and `end`, so these methods are replaced. Plain assignment is enough: middleware mounted
 * after us wraps our methods and sees the page without the chat. If the middleware is mounted twice, the inner one
 * takes precedence.
 */
export function injectInto(res: Response, page: Page<Request>): void {
  const injected = res as Injected;
  if (injected[INJECTION]) injected[INJECTION].page = page;
  else Object.assign(res, { [INJECTION]: new Injection(injected, page) }, METHODS);
}

/** `Symbol.for`, because an app may load this package twice, as ESM and as CommonJS. */
const INJECTION: unique symbol = Symbol.for('chatwoot-identity.injection') as never;

type Method = (this: Response, ...args: unknown[]) => unknown;
type Injected = Response & { [INJECTION]?: Injection };

/** Shared by all responses. Per-response closures would give every response its own hidden class in V8. */
const METHODS: Record<'writeHead' | 'write' | 'end' | 'flushHeaders' | '_implicitHeader', Method> = {
  writeHead(...args) {
    return (this as Injected)[INJECTION]!.writeHead(args);
  },
  write(...args) {
    return (this as Injected)[INJECTION]!.write(args);
  },
  end(...args) {
    return (this as Injected)[INJECTION]!.end(args);
  },
  flushHeaders() {
    return (this as Injected)[INJECTION]!.flushHeaders();
  },
  _implicitHeader() {
    return (this as Injected)[INJECTION]!.implicitHeader();
  },
};

const NAMES = Object.keys(METHODS) as (keyof typeof METHODS)[];

const NOTHING: Buffer = Buffer.alloc(0);
/** Up to this many bytes, copying into one buffer is cheaper than a second write. */
const SHORT: number = 16 * 1024;

class Injection {
  page: Page<Request>;
  readonly #res: Response;
  /** The response's own methods, if middleware mounted before us has assigned any. */
  readonly #assigned: Partial<typeof METHODS> = {};
  /**
   * - `open`: no body has been written yet, so it is not known whether the response is a page
   * - `deferred`: the same after an explicit `writeHead`, which waits for the first bytes of the body
   * - `page`: the body goes through the injector
   * - `other`: everything passes unchanged
   */
  #state: 'open' | 'deferred' | 'page' | 'other' = 'open';
  #hasWritten = false;
  /** Settles when a page that waits for its markup has ended. */
  #ending: Promise<void> | undefined;

  constructor(res: Injected, page: Page<Request>) {
    this.#res = res;
    this.page = page;
    for (const name of NAMES) {
      if (Object.hasOwn(res, name)) this.#assigned[name] = (res as unknown as typeof METHODS)[name];
    }
  }

  /**
   * Calls the method that ours replaced. The prototype is read at each call, because Express gives the response a new
   * one in each app that it passes through.
   */
  #below(name: keyof typeof METHODS, args: unknown[]): unknown {
    const method = this.#assigned[name] ?? (Object.getPrototypeOf(this.#res) as typeof METHODS)[name];
    return method.apply(this.#res, args);
  }

  writeHead(args: unknown[]): unknown {
    const res = this.#res;
    // A deferred call may be repeated, because as far as the app can tell the headers have not been sent.
    if (this.#state === 'deferred') this.#state = 'open';
    if (this.#state !== 'open' || res.headersSent || !deferHeaders(res, args))
      return this.#below('writeHead', args);
    this.#state = 'deferred';
    return res;
  }

  /**
   * Node's native `write` and `end` call this to send implicit headers, and so does express-session before it saves a
   * session. The headers are sent immediately, so the response counts as a whole document if it is HTML.
   */
  implicitHeader(): void {
    this.#begin();
    if (!this.#res.headersSent) this.#below('_implicitHeader', []);
  }

  flushHeaders(): void {
    this.#begin();
    this.#below('flushHeaders', []);
  }

  write(args: unknown[]): unknown {
    if (this.#ending) return this.#afterEnd('write', args);
    const body = this.#bodyOf(args);
    if (body) this.#begin(body.bytes);
    if (!body || this.#state !== 'page') return this.#below('write', args);
    try {
      return this.#below('write', [this.page.injector.push(body.bytes), undefined, body.callback]);
    } catch (error) {
      // The app's error handler may still send another response, which is not this page.
      if (!this.#res.headersSent) this.#state = 'other';
      throw error;
    } finally {
      this.#hasWritten = true;
    }
  }

  end(args: unknown[]): unknown {
    const res = this.#res;
    if (this.#ending) return this.#afterEnd('end', args);
    const body = this.#bodyOf(args);
    if (body) this.#begin(body.bytes, true);
    // A saved native `end` may have bypassed us.
    if (!body || this.#state !== 'page' || res.writableEnded) return this.#below('end', args);
    const { bytes, callback } = body;

    this.#state = 'other'; // the end() of middleware that ours wraps may call res.write
    uncork(res);
    const front = this.page.injector.push(bytes);
    const markup = this.page.markup();
    if (Buffer.isBuffer(markup)) {
      this.#finish(front, markup, callback);
    } else {
      // Everything but the closing tags is sent while the page waits for its markup.
      this.#below('write', [front]);
      this.#hasWritten = true;
      this.#ending = this.#guarded(markup.then((markup) => this.#finish(NOTHING, markup, callback)));
    }
    return res;
  }

  /**
   * Delays calls that come after `end` until the page, which still waits for its markup, has ended. Node then handles
   * them like any call after the end.
   */
  #afterEnd(method: 'write' | 'end', args: unknown[]): unknown {
    void this.#guarded(this.#ending!.then(() => void this.#below(method, args)));
    return method === 'end' ? this.#res : false;
  }

  /** Middleware that ours wraps may throw after `end` has returned. The error must not end the process. */
  #guarded(step: Promise<void>): Promise<void> {
    return step.catch((error) => {
      this.page.fail(error);
      this.#res.destroy();
    });
  }

  #finish(front: Buffer, markup: Buffer, callback: Callback | undefined): void {
    const res = this.#res;
    const rest = this.page.injector.end(markup);
    if (!this.#hasWritten && mayHaveLength(res)) res.setHeader('Content-Length', front.length + rest.length);
    const isLong = front.length > SHORT;
    if (isLong) this.#below('write', [front]);
    this.#below('end', [isLong ? rest : Buffer.concat([front, rest]), undefined, callback]);
  }

  /**
   * Parses the arguments of `write` or `end`. Returns undefined if nothing is to be injected or Node would reject them:
   * they are then passed on unchanged.
   */
  #bodyOf(args: unknown[]): { bytes: Buffer; callback: Callback | undefined } | undefined {
    if (this.#state === 'other') return undefined;
    if (this.#state !== 'page' && !isHtml(pendingResponse(this.#res))) {
      this.#begin();
      return undefined;
    }
    const [chunk, encoding, callback] = chunkAndCallback(args);
    const bytes = chunk === undefined || chunk === null ? NOTHING : toBuffer(chunk, encoding);
    return bytes && { bytes, callback };
  }

  /** Decides, once, whether the response is a page, and sends deferred headers if it is not. */
  #begin(bytes?: Buffer, complete = false): void {
    if (this.#state === 'page' || this.#state === 'other') return;
    const res = this.#res;
    const wasDeferred = this.#state === 'deferred';
    // The body of a response to HEAD is not known: res.send writes none.
    const body = bytes && res.req?.method !== 'HEAD' ? { bytes, complete } : undefined;
    const isPage = !res.headersSent && this.page.begin(pendingResponse(res), body);
    this.#state = isPage ? 'page' : 'other';
    if (wasDeferred && !isPage) this.#below('writeHead', [res.statusCode]);
  }
}

function mayHaveLength(res: Response): boolean {
  return !res.headersSent && !res.hasHeader('Trailer') && !res.hasHeader('Transfer-Encoding');
}

const [MAJOR] = process.versions.node.split('.').map(Number);

/**
 * On Node 22 and 24, `end()` on a corked chunked response sends the last chunk before the buffered ones, so we uncork
 * first. Other versions cork internally to send one packet, and `writableCorked` counts that cork too, so there we must not.
 */
function uncork(res: Response): void {
  if (MAJOR === 20 || MAJOR! > 25) return;
  for (let corked = res.writableCorked; corked > 0; corked--) res.uncork();
}
