import { isPromise } from '../identity/promise.js';
import type { AdapterRequest } from '../request.js';
import { dropBodyHeaders, preventCaching } from './caching.js';
import {
  asksForPage,
  dropConditionalHeaders,
  restoreETags,
  restoreIfMatch,
  tagETag,
} from './conditional-request.js';
import { contentEncoding, isHtml, takesMarkup } from './html-document.js';
import { HtmlInjector } from './html-injector.js';
import { type MarkupParts, type PageContext, PageMarkup } from './page-markup.js';
import type { PendingResponse } from './response-headers.js';

/** The part of a body that is known when the headers are sent. */
export interface FirstBytes {
  readonly bytes: Buffer;
  /** True if `bytes` is the whole body. */
  readonly complete: boolean;
}

/** The chat in the page of one request. Every request creates a `Page`, so the constructor must be cheap. */
export class Page<Request extends AdapterRequest> {
  /** False if the app's `skip` function excludes this request from the chat. */
  readonly wanted: boolean;
  /** True once `begin` has recognised an HTML document that gets the chat. */
  isPage = false;
  /**
   * The original `If-None-Match` of the request, which middleware mounted before this package compares with
   * the ETag that is sent.
   */
  ifNoneMatch: string | undefined;
  readonly #context: PageContext<Request>;
  readonly #request: Request;
  readonly #inline: boolean;
  readonly #markup: PageMarkup<Request>;
  #injector: HtmlInjector | undefined;
  #parts: MarkupParts | undefined | Promise<MarkupParts | undefined>;
  #placed = false;
  /** True if the visitor's copy of the page has the current markup, so that the app may respond with 304. */
  #isCurrent = false;

  /** @param mount the mount path of the middleware; empty if the middleware is mounted at the root */
  constructor(context: PageContext<Request>, request: Request, mount: string) {
    this.#context = context;
    this.#request = request;
    this.#inline = context.inject.mode === 'inline';
    this.#markup = new PageMarkup(context, request, mount);
    this.wanted = !this.#skips();
    if (this.wanted) this.#prepareRevalidation();
  }

  /** The injector that adds the markup to the body. */
  get injector(): HtmlInjector {
    this.#injector ??= new HtmlInjector();
    return this.#injector;
  }

  /**
   * Examines a response before its headers are sent; must be called only once. If the response is an HTML
   * document, changes its headers, starts to resolve the markup and returns true. The caller must then pass
   * the body through `injector`, and pass the result of `markup` to `injector.end`.
   *
   * @param body the first bytes of the body; if they are left out because the headers are sent first, the
   *   body is treated as a whole document
   * @returns true if the body must pass through `injector`; false for HEAD, because the response has no body
   */
  begin(response: PendingResponse, body?: FirstBytes): boolean {
    if (response.status === 304 && this.#isCurrent) this.#tag(response);
    if (!isHtml(response)) return false;
    if (this.#placed) {
      if (this.#inline) preventCaching(response);
      else this.#tag(response);
      return false;
    }
    const encoding = contentEncoding(response);
    if (encoding) this.#context.encoded(encoding);
    if (encoding || !takesMarkup(response) || (body && !this.injector.begin(body.bytes, body.complete)))
      return false;
    this.isPage = true;
    const isHead = this.#request.method === 'HEAD';
    // Resolve the markup before the headers are changed, because `resolve` calls the app's functions, which
    // may change the headers.
    this.#parts = isHead ? undefined : this.#markup.resolve(response, true);
    if (this.#inline) preventCaching(response);
    else this.#tag(response);
    dropBodyHeaders(response);
    return !isHead;
  }

  /**
   * Returns the markup to pass to `injector.end`. Never throws or rejects: if an error occurs, `onError`
   * receives the error and the page has no chat.
   */
  markup(): Buffer | Promise<Buffer> {
    if (this.#placed) return NOTHING;
    const { beginning } = this.injector;
    const render = (parts: MarkupParts | undefined) => this.#markup.render(parts, beginning);
    return isPromise(this.#parts) ? this.#parts.then(render) : render(this.#parts);
  }

  /**
   * Returns the markup that is the same for every visitor; undefined if the markup is not known yet or
   * differs between visitors.
   */
  constantMarkup(): Buffer | undefined {
    return this.#inline ? undefined : this.#markup.constant()?.bytes;
  }

  /**
   * Renders the markup for a template that inserts the chat itself. After this call, nothing is injected into
   * the page. The markup never contains an identity, because middleware mounted after this package, such as a
   * response cache, can read the page.
   */
  renderMarkup(response: PendingResponse): string | Promise<string> {
    this.#placed = true;
    const parts = this.#markup.resolve(response, false);
    const render = (parts: MarkupParts | undefined) => String(this.#markup.render(parts, ''));
    return isPromise(parts) ? parts.then(render) : render(parts);
  }

  /** Reports an error that occurred while the finished response was being sent. */
  fail(error: unknown): void {
    this.#markup.report(error);
  }

  /**
   * Returns true if the app's `skip` function excludes the request. If `skip` fails, returns true as well, so
   * that the page is sent without a chat.
   */
  #skips(): boolean {
    const { inject, failed } = this.#context;
    try {
      const skips: unknown = inject.skip?.(this.#request) ?? false;
      if (!isPromise(skips)) return Boolean(skips);
      skips.then(undefined, () => {});
      throw new TypeError('inject.skip must be synchronous, but it returned a promise.');
    } catch (error) {
      failed(error, this.#request);
      return true;
    }
  }

  /**
   * Changes the request's conditional headers, so that the app responds with 304 only if the visitor's copy
   * has the current markup.
   */
  #prepareRevalidation(): void {
    const { headers } = this.#request;
    if (typeof headers.get === 'function') return;
    const {
      'if-match': guard,
      'if-none-match': tags,
      'if-modified-since': date,
    } = headers as Record<string, unknown>;
    if (guard !== undefined) restoreIfMatch(this.#request);
    if (tags === undefined && date === undefined) return;
    if (this.#context.asksInbox && !asksForPage(this.#request)) return;
    const constant = this.#inline ? undefined : this.#markup.constant();
    if (constant && tags !== '*') this.ifNoneMatch = tags as string | undefined;
    if (constant) this.#isCurrent = restoreETags(this.#request, constant.digest);
    else dropConditionalHeaders(this.#request);
  }

  /**
   * Adds the digest of the markup to the ETag. Removes the validators if the markup is not known yet or has a
   * nonce. With a nonce, a 304 response would give the stored page a policy with a new nonce, but the page
   * still contains the old nonce.
   */
  #tag({ headers }: PendingResponse): void {
    const etag = headers.get('etag');
    if (this.#inline || etag === undefined) return;
    const hasNonce = !isPromise(this.#parts) && this.#parts?.nonce !== undefined;
    const constant = hasNonce ? undefined : this.#markup.constant();
    if (constant) headers.set('ETag', tagETag(etag, constant.digest));
    else headers.remove((name) => name === 'etag' || name === 'last-modified');
  }
}

const NOTHING: Buffer = Buffer.alloc(0);
