import { type ContactAnswer, isContact } from '../identity/contact.js';
import { toIdentity } from '../identity/identity.js';
import type { PreparedInbox } from '../identity/inbox.js';
import type { AdapterRequest } from '../request.js';
import {
  changeBody,
  forbidCaching,
  forgetValidators,
  isPage,
  mayGetPage,
  type ResponseHead,
  type ResponseHeaders,
} from './head.js';
import type { InjectOptions } from './inject.js';
import { logoutCookies, userCookies } from './logout.js';
import { markup, type PageData } from './markup.js';
import { findNonce } from './nonce.js';
import { beginsDocument, createTail, type Tail } from './tail.js';

/** As much of a body as is known when its head goes out. */
export interface FirstBytes {
  readonly bytes: Buffer;
  /** True when this is the whole body. */
  readonly complete: boolean;
}

/** One request's page. */
export interface Page {
  /** Whether the request's answer may be a page that is to be injected. */
  readonly wanted: boolean;
  /** Whether it is to be given an identity, should it prove to be a page: then it has no ETag. */
  readonly wantsIdentity: boolean;
  /**
   * Looks at a response's head, once, before it goes out. When it is a page its headers are changed, the contact
   * is asked for, and `true` says that the body must go through `tail`.
   *
   * @param body left out when the head goes out before any of it: then it is taken for a whole document
   */
  begin(head: ResponseHead, body?: FirstBytes): boolean;
  readonly tail: Tail;
  /** What `tail.end` takes. Never fails: an error is told to `onError`, and the page goes without a chat. */
  markup(): string | Promise<string>;
  /** The same for a template that places it by hand; the page is then not injected again. */
  place(head: ResponseHead): string | Promise<string>;
}

/** What all pages of an app have in common. */
export interface PageContext<Request> {
  readonly inject: InjectOptions<Request>;
  readonly contact: (request: Request) => ContactAnswer | Promise<ContactAnswer>;
  readonly inboxFor: (request: Request) => PreparedInbox | Promise<PreparedInbox>;
  readonly path: string;
  readonly scriptPath: string;
  readonly failed: (error: unknown, request: Request) => void;
}

/**
 * Makes the page of one request. Cheap: every request has one.
 *
 * @param mount the path that the middleware is mounted on, empty at the root
 */
export function createPage<Request extends AdapterRequest>(
  context: PageContext<Request>,
  request: Request,
  mount: string,
): Page {
  return new RequestPage(context, request, mount);
}

class RequestPage<Request extends AdapterRequest> implements Page {
  readonly wanted: boolean;
  readonly #context: PageContext<Request>;
  readonly #request: Request;
  readonly #mount: string;
  #tail: Tail | undefined;
  #written: string | Promise<string> | undefined;
  #placed = false;

  constructor(context: PageContext<Request>, request: Request, mount: string) {
    this.#context = context;
    this.#request = request;
    this.#mount = mount;
    this.wanted = mayGetPage(request) && !this.#skips();
    if (this.wanted && this.#inline) forgetValidators(request);
  }

  /** A `skip` that fails skips: the page comes, without a chat. */
  #skips(): boolean {
    const { inject, failed } = this.#context;
    try {
      return inject.skip?.(this.#request) ?? false;
    } catch (error) {
      failed(error, this.#request);
      return true;
    }
  }

  get #inline(): boolean {
    return this.#context.inject.mode !== 'fetch';
  }

  get tail(): Tail {
    this.#tail ??= createTail();
    return this.#tail;
  }

  get wantsIdentity(): boolean {
    return this.#inline && !this.#placed;
  }

  begin(head: ResponseHead, body?: FirstBytes): boolean {
    const isHead = this.#request.method === 'HEAD';
    if (this.#placed) return false;
    if (!isPage(head) || (!isHead && body && isFragment(body))) return false;
    // First, since the app's own functions, which it calls, can change the head.
    if (!isHead) this.#written = this.#write(head);
    if (this.#inline) forbidCaching(head);
    changeBody(head.headers);
    return !isHead;
  }

  markup(): string | Promise<string> {
    return this.#written ?? '';
  }

  place(head: ResponseHead): string | Promise<string> {
    this.#placed = true;
    if (this.#inline) {
      forgetValidators(this.#request);
      forbidCaching(head);
    }
    this.#written ??= this.#write(head);
    return this.#written;
  }

  /** Asks for the contact as soon as the page begins, so that the answer is there when it ends. */
  #write(head: ResponseHead): string | Promise<string> {
    const { inject, contact, inboxFor } = this.#context;
    try {
      const policy = head.headers.get('content-security-policy');
      const nonce = findNonce([inject.nonce?.(this.#request), head.nonce], policy);
      const answer = this.#inline ? contact(this.#request) : null;
      if (this.#inline && !answer) this.#forgetUser(head.headers);
      const inbox = inboxFor(this.#request);
      if (!isPromise(answer) && !isPromise(inbox)) return this.#compose(inbox, answer, nonce);
      return Promise.all([inbox, answer])
        .then(([inbox, answer]) => this.#compose(inbox, answer, nonce))
        .catch((error) => this.#without(error));
    } catch (error) {
      return this.#without(error);
    }
  }

  #without(error: unknown): string {
    this.#context.failed(error, this.#request);
    return '';
  }

  /** Nobody is signed in, but the browser still carries somebody's widget session. */
  #forgetUser(headers: ResponseHeaders): void {
    if (userCookies(this.#request).length === 0) return;
    for (const cookie of logoutCookies(this.#request, this.#request.hostname ?? ''))
      headers.append('Set-Cookie', cookie);
  }

  #compose(inbox: PreparedInbox, answer: ContactAnswer, nonce: string | undefined): string {
    const { inject, path, scriptPath } = this.#context;
    // Whoever writes `//host`, `/\host` or `http://host` where a path belongs must not lead the page to that host.
    const base = /^\/[^/\\\s]/.test(this.#mount) ? this.#mount : '';
    const data: PageData = {
      base_url: inbox.baseUrl,
      website_token: inbox.websiteToken,
      ...(this.#inline && { identity: isContact(answer) ? toIdentity(answer, inbox) : null }),
      identity_url: `${base}${path}`,
      anonymous: inject.anonymous ?? 'show',
      ...(inject.settings && { settings: inject.settings }),
    };
    return markup(data, { scriptUrl: `${base}${scriptPath}`, nonce });
  }
}

function isFragment({ bytes, complete }: FirstBytes): boolean {
  const document = beginsDocument(bytes);
  return complete ? !document : document === false;
}

/** Query builders are thenables too. */
function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as Promise<T> | undefined)?.then === 'function';
}
