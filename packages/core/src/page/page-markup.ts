import { AsyncResource } from 'node:async_hooks';
import type { PreparedInbox } from '../identity/inbox.js';
import { isPromise } from '../identity/promise.js';
import type { RequestIdentity } from '../identity/request-identity.js';
import { logoutCookies, userCookies } from '../logout.js';
import type { AdapterRequest } from '../request.js';
import type { Identity, PageData } from '../wire.js';
import { hasBaseOnOtherHost, hostOf } from './base-href.js';
import { findNonce, isSandboxed } from './content-security-policy.js';
import { mayEmbedIdentity } from './embedding.js';
import type { InjectOptions } from './inject-options.js';
import { digestOf, renderMarkup } from './markup.js';
import type { PendingResponse } from './response-headers.js';

/** The settings that all pages of an app share. */
export interface PageContext<Request extends AdapterRequest> {
  readonly inject: InjectOptions<Request>;
  readonly resolveIdentity: (request: Request) => RequestIdentity<Request>;
  /** True if `inbox` is a function, which may read the async context of its request. */
  readonly asksInbox: boolean;
  readonly path: string;
  readonly scriptPath: string;
  /** Receives each error that prevented the chat or the identity from being added to a page. */
  readonly failed: (error: unknown, request: Request) => void;
  /** Called for a page that is already compressed, so that no markup can be added. */
  readonly encoded: (encoding: string) => void;
  /**
   * The markup of pages without an identity, by mount path. The markup is the same for every request with the
   * same inbox.
   */
  readonly constant: Map<string, ConstantMarkup>;
}

/** Markup that depends only on the inbox and the mount path. */
export interface ConstantMarkup {
  readonly inbox: PreparedInbox;
  readonly bytes: Buffer;
  readonly digest: string;
}

/** The values that a page's markup is rendered from. */
export interface MarkupParts {
  readonly inbox: PreparedInbox;
  /** The identity to embed; undefined if the page fetches the identity from the endpoint. */
  readonly identity?: Identity | null | undefined;
  readonly nonce?: string | undefined;
}

/**
 * The maximum time for which the closing tags of a page wait for `contact` and for `inbox`, in milliseconds.
 * This maximum is short because DOMContentLoaded and module scripts wait for the closing tags. If `contact`
 * is too slow, the page fetches the identity from the endpoint. If `inbox` is too slow, the page has no chat.
 */
const PATIENCE = 1_000;

/**
 * The maximum number of mount paths for which markup is cached. Without a maximum, the cache could grow
 * forever, because each value of a parameter makes a new mount path.
 */
const MOST_MOUNTS = 100;

const NOTHING: Buffer = Buffer.alloc(0);

/** The markup for the page of one request. */
export class PageMarkup<Request extends AdapterRequest> {
  readonly #context: PageContext<Request>;
  readonly #request: Request;
  readonly #mount: string;
  readonly #mayEmbed: boolean;
  /**
   * The async context of the request. The app may write the body in another context, such as the callback of
   * a database pool.
   */
  readonly #scope: AsyncResource | undefined;
  #resolved: RequestIdentity<Request> | undefined;
  #reported: unknown = this;

  /** @param mount the mount path of the middleware; empty if the middleware is mounted at the root */
  constructor(context: PageContext<Request>, request: Request, mount: string) {
    this.#context = context;
    this.#request = request;
    // A mount path of `//host` or `/\host` would make the page's URLs point to that host.
    this.#mount = /^\/[^/\\\s]/.test(mount) ? mount : '';
    this.#mayEmbed = context.inject.mode === 'inline' && mayEmbedIdentity(request);
    if (this.#mayEmbed || context.asksInbox || context.inject.nonce)
      this.#scope = new AsyncResource('chatwoot-identity');
  }

  /** Returns the markup without an identity; undefined if the inbox is not available synchronously. */
  constant(): ConstantMarkup | undefined {
    try {
      const inbox = this.#run(() => this.#identity.inbox());
      if (!isPromise(inbox)) return this.#constant(inbox);
      inbox.catch(() => {}); // if the response is not a page, no other code handles the rejection
      return undefined;
    } catch {
      return undefined; // `resolve` reports the error
    }
  }

  /**
   * Resolves the values that a page's markup is rendered from. Never throws or rejects, but passes the error
   * to `onError`.
   *
   * @param embed false for markup that must not contain an identity
   * @returns the values; undefined if the page gets no chat
   */
  resolve(
    response: PendingResponse,
    embed: boolean,
  ): MarkupParts | undefined | Promise<MarkupParts | undefined> {
    try {
      return this.#run(() => this.#resolve(response, embed));
    } catch (error) {
      return this.report(error);
    }
  }

  /**
   * Renders the markup of a page.
   *
   * @param beginning the first bytes of the page, which may contain a `<base href>`
   */
  render(parts: MarkupParts | undefined, beginning: string): Buffer {
    if (!parts) return NOTHING;
    const host = hasBaseOnOtherHost(beginning) ? hostOf(this.#request) : undefined;
    return parts.identity === undefined && !parts.nonce && !host
      ? this.#constant(parts.inbox).bytes
      : Buffer.from(this.#render(parts, host));
  }

  /**
   * Reports an error only once. If `inbox` fails, resolving the identity and resolving the inbox both fail
   * with the same error.
   */
  report(error: unknown): undefined {
    if (error === this.#reported) return;
    this.#reported = error;
    this.#context.failed(error, this.#request);
  }

  get #identity(): RequestIdentity<Request> {
    this.#resolved ??= this.#context.resolveIdentity(this.#request);
    return this.#resolved;
  }

  #run<T>(ask: () => T): T {
    return this.#scope ? this.#scope.runInAsyncScope(ask) : ask();
  }

  #resolve(
    { headers, nonce }: PendingResponse,
    embed: boolean,
  ): MarkupParts | undefined | Promise<MarkupParts | undefined> {
    const policy = headers.get('content-security-policy');
    const found = findNonce([this.#namedNonce(), nonce], policy);
    const identity = embed && this.#mayEmbed && !isSandboxed(policy) ? this.#embedded() : undefined;
    // If `contact` is asynchronous, the headers have already been sent when it resolves, so the page script
    // resets the chat instead.
    if (identity === null) this.#forgetUser(headers);
    const join = (identity: Identity | null | undefined) => this.#join(identity, found);
    return isPromise(identity) ? identity.then(join) : join(identity);
  }

  #namedNonce(): string | undefined {
    const nonce: unknown = this.#context.inject.nonce?.(this.#request);
    if (!isPromise(nonce)) return nonce as string | undefined;
    nonce.then(undefined, () => {});
    throw new TypeError('inject.nonce must be synchronous, but it returned a promise.');
  }

  /**
   * Returns the identity to embed. Returns undefined if `contact` failed or is slow; the page then fetches
   * the identity from the endpoint.
   */
  #embedded(): Identity | null | undefined | Promise<Identity | null | undefined> {
    try {
      const identity = this.#identity.identity();
      if (!isPromise(identity)) return identity;
      const reported = identity.catch((error) => this.report(error));
      return within(reported, () => undefined);
    } catch (error) {
      return this.report(error);
    }
  }

  #join(
    identity: Identity | null | undefined,
    nonce: string | undefined,
  ): MarkupParts | undefined | Promise<MarkupParts | undefined> {
    try {
      const inbox = this.#identity.inbox();
      if (!isPromise(inbox)) return { inbox, identity, nonce };
      const parts = inbox.then((inbox) => ({ inbox, identity, nonce }));
      return within(parts, tooSlow).catch((error) => this.report(error));
    } catch (error) {
      return this.report(error);
    }
  }

  #constant(inbox: PreparedInbox): ConstantMarkup {
    const { constant } = this.#context;
    const known = constant.get(this.#mount);
    if (known?.inbox === inbox) return known;
    const markup = this.#render({ inbox });
    const made = { inbox, bytes: Buffer.from(markup), digest: digestOf(markup) };
    if (constant.size >= MOST_MOUNTS) constant.clear();
    constant.set(this.#mount, made);
    return made;
  }

  #render({ inbox, identity, nonce }: MarkupParts, host?: string): string {
    const { inject, path, scriptPath } = this.#context;
    const data: PageData = {
      base_url: inbox.baseUrl,
      website_token: inbox.websiteToken,
      ...(identity !== undefined && { identity }),
      identity_url: `${this.#mount}${path}`,
      anonymous: inject.anonymous ?? 'show',
      ...(inject.settings && { settings: inject.settings }),
    };
    const scriptUrl = `${host ? `//${host}` : ''}${this.#mount}${scriptPath}`;
    return renderMarkup(data, { scriptUrl, nonce });
  }

  /**
   * Expires the cookies of an earlier user's chat session, which an anonymous visitor's browser may still
   * have.
   */
  #forgetUser(headers: PendingResponse['headers']): void {
    if (userCookies(this.#request).length === 0) return;
    for (const cookie of logoutCookies(this.#request, this.#request.hostname ?? ''))
      headers.append('Set-Cookie', cookie);
  }
}

/**
 * Resolves to the value of the promise, or to the result of `otherwise` if the promise takes longer than
 * {@link PATIENCE}.
 */
function within<T>(promise: Promise<T>, otherwise: () => T): Promise<T> {
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
