import { AsyncResource } from 'node:async_hooks';
import type { Identity } from '../identity/identity.js';
import type { PreparedInbox } from '../identity/inbox.js';
import { isPromise } from '../identity/promise.js';
import type { RequestIdentity } from '../identity/request-identity.js';
import type { AdapterRequest } from '../request.js';
import { hasBaseOnOtherHost, hostOf } from './base-href.js';
import { findNonce, isSandboxed } from './content-security-policy.js';
import { mayEmbedIdentity } from './embedding.js';
import type { InjectOptions } from './inject-options.js';
import { logoutCookies, userCookies } from './logout.js';
import { digestOf, type PageData, renderMarkup } from './markup.js';
import type { PendingResponse } from './response-headers.js';

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
export interface ConstantMarkup {
  readonly inbox: PreparedInbox;
  readonly bytes: Buffer;
  readonly digest: string;
}

/** How long the closing tags of a page wait for its identity, in milliseconds. The page then asks the endpoint. */
const IDENTITY_PATIENCE = 1_000;

/** How long they wait for an asynchronous `inbox`, in milliseconds. The page is then sent without the chat. */
const INBOX_PATIENCE = 10_000;

/** A parameter in the mount path makes a new mount path for every value. */
const MOST_MOUNTS = 100;

const NOTHING: Buffer = Buffer.alloc(0);

/** The markup of one request's page. */
export class PageMarkup<Request extends AdapterRequest> {
  readonly #context: PageContext<Request>;
  readonly #request: Request;
  readonly #mount: string;
  readonly #mayEmbed: boolean;
  /** The async context of the request: a body may be written in another one, such as a database pool's callback. */
  readonly #scope: AsyncResource | undefined;
  #resolved: RequestIdentity<Request> | undefined;
  #reported: unknown;

  /** @param mount the path that the middleware is mounted on, empty at the root */
  constructor(context: PageContext<Request>, request: Request, mount: string) {
    this.#context = context;
    this.#request = request;
    // `//host` and `/\host` in the place of a path would lead the page to that host.
    this.#mount = /^\/[^/\\\s]/.test(mount) ? mount : '';
    this.#mayEmbed = context.inject.mode === 'inline' && mayEmbedIdentity(request);
    if (this.#mayEmbed || context.asksInbox) this.#scope = new AsyncResource('chatwoot-identity');
  }

  /** The markup without an identity, if the inbox is known synchronously. */
  constant(): ConstantMarkup | undefined {
    try {
      const inbox = this.#run(() => this.#identity.inbox());
      if (!isPromise(inbox)) return this.#constant(inbox);
      inbox.catch(() => {}); // the response may turn out not to be a page, and then nothing else waits for it
      return undefined;
    } catch {
      return undefined; // reported when the markup is resolved
    }
  }

  /**
   * Resolves the markup for a response. Never fails: `onError` receives the error, and the markup is empty.
   *
   * @param firstBytes the beginning of the page, if it is known
   */
  resolve(response: PendingResponse, firstBytes?: Buffer): Buffer | Promise<Buffer> {
    try {
      return this.#run(() => this.#resolve(response, firstBytes));
    } catch (error) {
      return this.#withoutChat(error);
    }
  }

  /** Reports an error, once: an `inbox` that fails keeps back both the identity and the chat. */
  report(error: unknown): void {
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

  #resolve({ headers, nonce }: PendingResponse, firstBytes?: Buffer): Buffer | Promise<Buffer> {
    const policy = headers.get('content-security-policy');
    const options = {
      nonce: findNonce([this.#context.inject.nonce?.(this.#request), nonce], policy),
      host: firstBytes && hasBaseOnOtherHost(firstBytes) ? hostOf(this.#request) : undefined,
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
        ? within(
            IDENTITY_PATIENCE,
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
        ? within(INBOX_PATIENCE, inbox.then(render), tooSlow).catch((error) => this.#withoutChat(error))
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

  #withoutIdentity(error: unknown): undefined {
    this.report(error);
  }

  #withoutChat(error: unknown): Buffer {
    this.report(error);
    return NOTHING;
  }

  /** The visitor is anonymous, but the browser still has a user's chat session. */
  #forgetUser(headers: PendingResponse['headers']): void {
    if (userCookies(this.#request).length === 0) return;
    for (const cookie of logoutCookies(this.#request, this.#request.hostname ?? ''))
      headers.append('Set-Cookie', cookie);
  }
}

/** Takes the other value if a promise is slow: held back closing tags delay DOMContentLoaded and module scripts. */
function within<T>(patience: number, promise: Promise<T>, otherwise: () => T): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patience);
  });
  return Promise.race([promise, late.then(otherwise)]).finally(() => clearTimeout(timer));
}

function tooSlow(): never {
  throw new Error(
    `inbox took longer than ${INBOX_PATIENCE / 1_000} seconds, so a page was sent without the chat. Give its database a shorter time-out.`,
  );
}
