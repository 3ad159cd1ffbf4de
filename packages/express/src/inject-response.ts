import {
  type FirstBytes,
  isHtml,
  NodeHeaders,
  type Page,
  type PendingResponse,
} from '@chatwoot-identity/core/internal';
import type { Request, Response } from 'express';
import { type Callback, chunkAndCallback, deferHeaders, toBuffer } from './write-arguments.js';

/** Adapts an Express response to the interface that the core package expects. */
export function pendingResponse(res: Response, final = false): PendingResponse {
  return { status: res.statusCode, nonce: res.locals?.cspNonce, headers: new NodeHeaders(res), final };
}

/**
 * Injects the chat into a response by replacing its `writeHead`, `write`, `end` and `_implicitHeader` methods. All other
 * methods that send a response (`send`, `render`, `sendFile`, `pipe`, `flushHeaders`) call these four. Plain assignment
 * is enough: middleware that is mounted later wraps the replaced methods and sees the page without the chat. If the
 * middleware is mounted twice, the inner instance takes precedence.
 */
export function injectInto(res: Response, page: Page<Request>): void {
  const injected = res as Injected;
  if (injected[INJECTION]) {
    injected[INJECTION].page = page;
    return;
  }
  injected[INJECTION] = new Injection(injected, page);
  // Assign as few properties as possible: on Node 20, each one costs about 4 microseconds, probably because Express has
  // changed the prototype of the response.
  injected.writeHead = METHODS.writeHead;
  injected.write = METHODS.write;
  injected.end = METHODS.end;
  if (!isHttp2(res)) injected._implicitHeader = METHODS._implicitHeader;
}

/** A registered symbol (`Symbol.for`), because an app may load this package both as an ES module and as CommonJS. */
const INJECTION: unique symbol = Symbol.for('chatwoot-identity.injection') as never;

type Method = (this: Injected, ...args: unknown[]) => unknown;
type Methods = Record<'writeHead' | 'write' | 'end' | '_implicitHeader', Method>;
type Injected = Omit<Response, keyof Methods> & Methods & { [INJECTION]?: Injection };

/** Methods shared by all responses. Per-response closures would give every response its own hidden class in V8. */
const METHODS: Methods = {
  writeHead(...args) {
    return this[INJECTION]!.writeHead(args);
  },
  write(...args) {
    return this[INJECTION]!.write(args);
  },
  end(...args) {
    return this[INJECTION]!.end(args);
  },
  _implicitHeader() {
    return this[INJECTION]!.implicitHeader();
  },
};

const NAMES = Object.keys(METHODS) as (keyof Methods)[];

const NOTHING: Buffer = Buffer.alloc(0);
/** The size in bytes up to which copying into one buffer is cheaper than a second write. */
const SHORT: number = 16 * 1024;

class Injection {
  page: Page<Request>;
  readonly #res: Response;
  /** The methods that earlier middleware assigned to the response object, if any. */
  readonly #assigned: Partial<Methods> = {};
  /**
   * - `open`: no body has been written yet, so the response may or may not be an HTML page
   * - `deferred`: like `open`, but the app called `writeHead`, which is delayed until the first bytes of the body
   * - `page`: the response is an HTML page, and its body passes through the injector
   * - `other`: the rest of the response passes unchanged
   */
  #state: 'open' | 'deferred' | 'page' | 'other' = 'open';
  #hasWritten = false;
  /**
   * A promise that exists only while `end` waits for the page's markup. The promise settles when the response has
   * ended.
   */
  #ending: Promise<void> | undefined;

  constructor(res: Injected, page: Page<Request>) {
    this.#res = res as unknown as Response;
    this.page = page;
    for (const name of NAMES) if (Object.hasOwn(res, name)) this.#assigned[name] = res[name];
  }

  /**
   * Calls the original method that the method in `METHODS` replaced. Each call reads the prototype again, because
   * every nested Express app that handles the response gives the response a new prototype.
   */
  #below(name: keyof Methods, args: unknown[]): unknown {
    const method = this.#assigned[name] ?? (Object.getPrototypeOf(this.#res) as Methods)[name];
    return method.apply(this.#res as unknown as Injected, args);
  }

  writeHead(args: unknown[]): unknown {
    const res = this.#res;
    // The app may repeat a deferred `writeHead` call, because `headersSent` is still false.
    if (this.#state === 'deferred') this.#state = 'open';
    if (isHttp2(res) && args.length === 1 && args[0] === res.statusCode) {
      this.#begin();
    } else if (this.#state === 'open' && !res.headersSent && deferHeaders(res, args)) {
      this.#state = 'deferred';
      return res;
    }
    return this.#unlessRefused(() => this.#below('writeHead', args));
  }

  /**
   * Sends implicit headers. Node's native `write`, `end` and `flushHeaders` call this method, and express-session calls
   * it before it saves a session. The body is still unknown at this point, so an HTML response is assumed to be a whole
   * document.
   */
  implicitHeader(): void {
    this.#begin();
    if (!this.#res.headersSent) this.#below('_implicitHeader', []);
  }

  /**
   * Sends a part of the response. If that fails before the headers are sent, the rest of the response passes unchanged,
   * because the app's error handler may send a different response.
   */
  #unlessRefused(send: () => unknown): unknown {
    try {
      return send();
    } catch (error) {
      if (!this.#res.headersSent) this.#state = 'other';
      throw error;
    }
  }

  write(args: unknown[]): unknown {
    if (this.#ending) return this.#afterEnd('write', args);
    const body = this.#bodyOf(args, false);
    if (!body) return this.#below('write', args);
    this.#hasWritten = true;
    const bytes = this.page.injector.push(body.bytes);
    return this.#unlessRefused(() => this.#below('write', [bytes, undefined, body.callback]));
  }

  end(args: unknown[]): unknown {
    const res = this.#res;
    if (this.#ending) return this.#afterEnd('end', args);
    const body = this.#bodyOf(args, true);
    // The app may have called a saved native `end`, which bypasses the replaced method.
    if (!body || res.writableEnded) return this.#below('end', args);

    this.#state = 'other'; // an `end` that earlier middleware assigned may call `res.write`
    uncork(res);
    const front = this.page.injector.push(body.bytes);
    const markup = this.page.markup();
    if (Buffer.isBuffer(markup)) {
      this.#finish(front, markup, body.callback);
    } else {
      // Send everything except the closing tags now, while the markup is still pending.
      this.#below('write', [front]);
      this.#hasWritten = true;
      this.#ending = this.#guarded(markup.then((markup) => this.#finish(NOTHING, markup, body.callback)));
    }
    return res;
  }

  /**
   * Delays a `write` or `end` call that follows `end` while the markup is still pending. As soon as the page has ended,
   * Node handles the delayed call like any other call after `end`.
   */
  #afterEnd(method: 'write' | 'end', args: unknown[]): unknown {
    void this.#guarded(this.#ending!.then(() => void this.#below(method, args)));
    return method === 'end' ? this.#res : false;
  }

  /**
   * Reports an error that earlier middleware throws after `end` has returned, and destroys the response. Otherwise, the
   * unhandled rejection would end the process.
   */
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
   * Parses the arguments of `write` or `end`. Returns undefined if the response needs no injection, or if Node would
   * reject the arguments. The caller then passes the unchanged arguments to the original method.
   */
  #bodyOf(args: unknown[], complete: boolean): { bytes: Buffer; callback: Callback | undefined } | undefined {
    if (this.#state === 'other') return undefined;
    if (this.#state !== 'page' && !isHtml(pendingResponse(this.#res))) {
      this.#begin();
      return undefined;
    }
    const [chunk, encoding, callback] = chunkAndCallback(args);
    const bytes = chunk === undefined || chunk === null ? NOTHING : toBuffer(chunk, encoding);
    if (!bytes) return undefined;
    this.#begin({ bytes, complete });
    return this.#state === 'page' ? { bytes, callback } : undefined;
  }

  /**
   * Decides whether the response is an HTML page. If it is not, sends the deferred headers. Calls after this decision
   * do nothing.
   */
  #begin(body?: FirstBytes): void {
    if (this.#state === 'page' || this.#state === 'other') return;
    const res = this.#res;
    const wasDeferred = this.#state === 'deferred';
    // The body is unknown for a HEAD request, because `res.send` writes no body.
    const known = res.req?.method === 'HEAD' ? undefined : body;
    const isPage = !res.headersSent && this.page.begin(pendingResponse(res), known);
    this.#state = isPage ? 'page' : 'other';
    if (wasDeferred && !isPage) this.#below('writeHead', [res.statusCode]);
  }
}

/**
 * Returns true for a response of Node's HTTP/2 API. Such a response has no `_implicitHeader`: it sends implicit headers
 * by calling `writeHead` with the current status.
 */
function isHttp2(res: Response): boolean {
  return !('_implicitHeader' in res);
}

function mayHaveLength(res: Response): boolean {
  return !res.headersSent && !res.hasHeader('Trailer') && !res.hasHeader('Transfer-Encoding');
}

const [MAJOR] = process.versions.node.split('.').map(Number);

/**
 * Uncorks the response on Node 22 and 24, where `end()` on a corked chunked response sends the last chunk before the
 * buffered chunks. Other Node versions cork internally to send one packet, and `writableCorked` counts that internal
 * cork too. On those versions, this function must do nothing.
 */
function uncork(res: Response): void {
  if (MAJOR === 20 || MAJOR! > 25) return;
  for (let corked = res.writableCorked; corked > 0; corked--) res.uncork();
}
