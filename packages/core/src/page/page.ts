import { AsyncResource } from 'node:async_hooks';
import type { Identity } from '../identity/identity.js';
import type { PreparedInbox } from '../identity/inbox.js';
import { isPromise } from '../identity/promise.js';
import type { RequestIdentity } from '../identity/request-identity.js';
import type { AdapterRequest } from '../request.js';
import { hasBaseOnOtherHost, hostOf } from './base-href.js';
import { dropBodyHeaders, preventCaching } from './caching.js';
import { asksForPage, dropConditionalHeaders, restoreETags, tagETag } from './conditional-request.js';
import { findNonce, isSandboxed } from './content-security-policy.js';
import { mayEmbedIdentity } from './embedding.js';
import { contentEncoding, isHtml, takesMarkup } from './html-document.js';
import { beginsDocument, HtmlInjector } from './html-injector.js';
import type { InjectOptions } from './inject-options.js';
import { logoutCookies, userCookies } from './logout.js';
import { digestOf, type PageData, renderMarkup } from './markup.js';
import type { PendingResponse } from './response-headers.js';

/** The part of a body that is known when the headers are sent. */
export interface FirstBytes {
  readonly bytes: Buffer;
  /** True if this is the whole body. */
  readonly complete: boolean;
}

/** The settings that all pages of an app share. */
export interface PageContext<Request extends AdapterRequest> {
  readonly inject: InjectOptions<Request>;
  readonly resolveIdentity: (request: Request) => RequestIdentity<Request>;
  /** True if `inbox` is a function, which may read the async context of its request. */
  readonly asksInbox: boolean;
  readonly path: string;
  readonly scriptPath: string;
  /** Receives each error that kept a page without a chat or without its identity. */
  readonly failed: (error: unknown, request: Request) => void;
  /** Called for a page that was compressed before it reached us. */
  readonly encoded: (encoding: string) => void;
  /** The markup of pages without an identity, by mount path: the same bytes for every request of an inbox. */
  readonly constant: Map<string, ConstantMarkup>;
}

/** Markup that depends on the inbox and the mount path only. */
interface ConstantMarkup {
  readonly inbox: PreparedInbox;
  readonly bytes: Buffer;
  readonly digest: string;
}

/** How long a page waits for `contact` and `inbox` before its closing tags, in milliseconds. */
const PATIENCE = 1_000;

/** More mount paths than this are made by a parameter in the mount path. */
const MOST_MOUNTS = 100;

/** The chat in the page of one request. Every request has one, so creating it is cheap. */
export class Page<Request extends AdapterRequest> {
  /** False if the app's `skip` leaves this request alone. */
  readonly wanted: boolean;
  readonly #context: PageContext<Request>;
  readonly #request: Request;
  readonly #mount: string;
  readonly #inline: boolean;
  /** True if the request allows to embed an identity. */
  readonly #mayEmbed: boolean;
  /** The async context of the request: a body may be written in another one, such as a database pool's callback. */
  readonly #scope: AsyncResource | undefined;
  #resolved: RequestIdentity<Request> | undefined;
  #injector: HtmlInjector | undefined;
  #markup: Buffer | Promise<Buffer> = NOTHING;
  #placed = false;
  /** True if the visitor has the page with the present markup, so that the app may answer 304. */
  #isCurrent = false;

  /** @param mount the path that the middleware is mounted on, empty at the root */
  constructor(context: PageContext<Request>, request: Request, mount: string) {
    this.#context = context;
    this.#request = request;
    // `//host` and `/\host` in the place of a path would lead the page to that host.
    this.#mount = /^\/[^/\\\s]/.test(mount) ? mount : '';
    this.#inline = context.inject.mode === 'inline';
    this.#mayEmbed = this.#inline && mayEmbedIdentity(request);
    if (this.#mayEmbed || context.asksInbox) this.#scope = new AsyncResource('chatwoot-identity');
    this.wanted = !this.#skips();
    if (this.wanted) this.#prepareRevalidation();
  }

  get #identity(): RequestIdentity<Request> {
    this.#resolved ??= this.#context.resolveIdentity(this.#request);
    return this.#resolved;
  }

  /** Places the markup into the body. */
  get injector(): HtmlInjector {
    this.#injector ??= new HtmlInjector();
    return this.#injector;
  }

  /**
   * Looks at a response once, before its headers are sent. If it is an HTML document, changes its headers, begins to
   * resolve the markup and returns true: the body must then go through `injector`, which ends with `markup`.
   *
   * @param body left out if the headers are sent before any of the body: then it counts as a whole document
   */
  begin(response: PendingResponse, body?: FirstBytes): boolean {
    if (response.status === 304 && this.#isCurrent) this.#tag(response);
    if (!isHtml(response)) return false;
    if (this.#placed) {
      this.#tag(response);
      return false;
    }
    const encoding = contentEncoding(response);
    if (encoding) this.#context.encoded(encoding);
    const isHead = this.#request.method === 'HEAD';
    if (encoding || !takesMarkup(response) || (!isHead && body && isFragment(body))) return false;
    // First, because the app's functions that it calls may change the headers.
    if (!isHead) this.#markup = this.#resolve(response, body);
    if (this.#inline) preventCaching(response);
    else this.#tag(response);
    dropBodyHeaders(response);
    return !isHead;
  }

  /** The markup for `injector.end`. Never fails: `onError` receives the error, and the page has no chat. */
  markup(): Buffer | Promise<Buffer> {
    return this.#markup;
  }

  /** Renders the markup for a template that places it. The page is then not injected again. */
  renderMarkup(response: PendingResponse): string | Promise<string> {
    this.#placed = true;
    if (this.#inline) {
      dropConditionalHeaders(this.#request);
      preventCaching(response);
    }
    this.#markup = this.#resolve(response);
    return isPromise(this.#markup) ? this.#markup.then(String) : String(this.#markup);
  }

  /** Reports an error that broke the response after the app had finished it. */
  fail(error: unknown): void {
    this.#context.failed(error, this.#request);
  }

  /** A `skip` that fails skips: the page is sent without a chat. */
  #skips(): boolean {
    const { inject, failed } = this.#context;
    try {
      const skips: unknown = inject.skip?.(this.#request) ?? false;
      if (!isPromise(skips)) return Boolean(skips);
      skips.then(undefined, () => {});
      throw new TypeError('inject.skip must be synchronous, and it returned a promise.');
    } catch (error) {
      failed(error, this.#request);
      return true;
    }
  }

  /** Lets the app answer 304 only to a visitor whose copy has the present markup. */
  #prepareRevalidation(): void {
    const { headers } = this.#request;
    if (typeof headers.get === 'function') return;
    const { 'if-none-match': tags, 'if-modified-since': date } = headers as Record<string, unknown>;
    if (tags === undefined && date === undefined) return;
    if (this.#context.asksInbox && !asksForPage(this.#request)) return;
    const constant = this.#inline ? undefined : this.#constantNow();
    if (constant) this.#isCurrent = restoreETags(this.#request, constant.digest);
    else dropConditionalHeaders(this.#request);
  }

  /** Mixes the markup's digest into the ETag, or drops the validators if the markup is not known yet. */
  #tag({ headers }: PendingResponse): void {
    if (this.#inline) return;
    const etag = headers.get('etag');
    if (etag === undefined) return;
    const constant = this.#constantNow();
    if (constant) headers.set('ETag', tagETag(etag, constant.digest));
    else headers.remove((name) => name === 'etag' || name === 'last-modified');
  }

  /** The constant markup, if the inbox is known synchronously. */
  #constantNow(): ConstantMarkup | undefined {
    try {
      const inbox = this.#run(() => this.#identity.inbox());
      if (!isPromise(inbox)) return this.#constant(inbox);
      inbox.catch(() => {}); // the response may turn out not to be a page, and then no one else waits for it
      return undefined;
    } catch {
      return undefined; // reported when the markup is resolved
    }
  }

  #constant(inbox: PreparedInbox): ConstantMarkup {
    const { constant } = this.#context;
    const known = constant.get(this.#mount);
    if (known?.inbox === inbox) return known;
    const markup = this.#render(inbox, {});
    const made = { inbox, bytes: Buffer.from(markup), digest: digestOf(markup) };
    if (constant.size >= MOST_MOUNTS) constant.clear();
    constant.set(this.#mount, made);
    return made;
  }

  #run<T>(ask: () => T): T {
    return this.#scope ? this.#scope.runInAsyncScope(ask) : ask();
  }

  #resolve(response: PendingResponse, body?: FirstBytes): Buffer | Promise<Buffer> {
    try {
      return this.#run(() => this.#resolveHere(response, body));
    } catch (error) {
      return this.#withoutChat(error);
    }
  }

  #resolveHere({ headers, nonce }: PendingResponse, body?: FirstBytes): Buffer | Promise<Buffer> {
    const policy = headers.get('content-security-policy');
    const options = {
      nonce: findNonce([this.#context.inject.nonce?.(this.#request), nonce], policy),
      host: body && hasBaseOnOtherHost(body.bytes) ? hostOf(this.#request) : undefined,
    };
    const identity = this.#embedded(policy);
    if (identity === null) this.#forgetUser(headers);
    const place = (identity: Identity | null | undefined) => this.#place(identity, options);
    return isPromise(identity) ? identity.then(place) : place(identity);
  }

  /** The identity to embed; undefined if the page must ask the endpoint. */
  #embedded(policy: string | undefined): Identity | null | undefined | Promise<Identity | null | undefined> {
    if (!this.#mayEmbed || isSandboxed(policy)) return undefined;
    try {
      const identity = this.#identity.identity();
      return isPromise(identity)
        ? withinPatience(
            identity.catch((error) => this.#withoutIdentity(error)),
            () => undefined,
          )
        : identity;
    } catch (error) {
      return this.#withoutIdentity(error);
    }
  }

  #place(
    identity: Identity | null | undefined,
    options: { nonce: string | undefined; host: string | undefined },
  ): Buffer | Promise<Buffer> {
    const render = (inbox: PreparedInbox) =>
      identity === undefined && !options.nonce && !options.host
        ? this.#constant(inbox).bytes
        : Buffer.from(this.#render(inbox, { ...options, identity }));
    try {
      const inbox = this.#identity.inbox();
      return isPromise(inbox)
        ? withinPatience(inbox.then(render), tooSlow).catch((error) => this.#withoutChat(error))
        : render(inbox);
    } catch (error) {
      return this.#withoutChat(error);
    }
  }

  #render(
    { baseUrl, websiteToken }: PreparedInbox,
    {
      identity,
      nonce,
      host,
    }: { identity?: Identity | null | undefined; nonce?: string | undefined; host?: string | undefined },
  ): string {
    const { inject, path, scriptPath } = this.#context;
    const data: PageData = {
      base_url: baseUrl,
      website_token: websiteToken,
      ...(identity !== undefined && { identity }),
      identity_url: `${this.#mount}${path}`,
      anonymous: inject.anonymous ?? 'show',
      ...(inject.settings && { settings: inject.settings }),
    };
    const scriptUrl = `${host ? `//${host}` : ''}${this.#mount}${scriptPath}`;
    return renderMarkup(data, { scriptUrl, nonce });
  }

  #withoutIdentity(error: unknown): undefined {
    this.fail(error);
  }

  #withoutChat(error: unknown): Buffer {
    this.fail(error);
    return NOTHING;
  }

  /** The visitor is anonymous, but the browser still has a user's chat session. */
  #forgetUser(headers: PendingResponse['headers']): void {
    if (userCookies(this.#request).length === 0) return;
    for (const cookie of logoutCookies(this.#request, this.#request.hostname ?? ''))
      headers.append('Set-Cookie', cookie);
  }
}

const NOTHING: Buffer = Buffer.alloc(0);

function isFragment({ bytes, complete }: FirstBytes): boolean {
  const document = beginsDocument(bytes);
  return complete ? !document : document === false;
}

/** Takes the other value if a promise is slow: held back closing tags delay DOMContentLoaded and module scripts. */
function withinPatience<T>(promise: Promise<T>, otherwise: () => T): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE);
  });
  return Promise.race([promise, late.then(otherwise)]).finally(() => clearTimeout(timer));
}

function tooSlow(): never {
  throw new Error(
    `inbox took longer than ${PATIENCE} ms, so a page was sent without the chat. Give its database a shorter time-out.`,
  );
}
