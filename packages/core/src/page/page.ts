import { type ContactAnswer, isContact } from '../identity/contact.js';
import { toIdentity } from '../identity/identity.js';
import type { PreparedInbox } from '../identity/inbox.js';
import type { RequestLike } from '../request.js';
import {
  changeBody,
  forbidCaching,
  forgetValidators,
  isPage,
  type ResponseHead,
  type ResponseHeaders,
} from './head.js';
import { logoutCookies, userCookies } from './logout.js';
import { markup, type PageData } from './markup.js';
import { findNonce } from './nonce.js';
import type { ChatwootSettings } from './settings.js';
import { beginsDocument, createTail, type Tail } from './tail.js';

/** How pages are given the chat. */
export interface InjectOptions<Request> {
  /**
   * `'inline'` writes the identity into the page, which no cache may then keep. `'fetch'` writes none: the page
   * stays cacheable, and its script asks the endpoint.
   * @default 'inline'
   */
  mode?: 'inline' | 'fetch' | undefined;
  /**
   * Whether visitors who are not signed in get the chat.
   * @default 'show'
   */
  anonymous?: 'show' | 'hide' | undefined;
  /** The widget's looks: `window.chatwootSettings`. */
  settings?: ChatwootSettings | undefined;
  /** A response's CSP nonce. Not needed with `script-src 'self'`; found by itself in the response's own policy. */
  nonce?: ((request: Request) => string | undefined) | undefined;
  /** Requests whose pages are left alone. */
  skip?: ((request: Request) => boolean) | undefined;
}

/** As much of a body as is known when its head goes out. */
export interface FirstBytes {
  readonly bytes: Buffer;
  /** True when this is the whole body. */
  readonly complete: boolean;
}

/** One request's page. */
export interface Page {
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

/** Where the middleware stands, as the framework says while it is asked. */
export interface Site {
  /** The path that the middleware is mounted on, empty at the root. */
  readonly mount: string;
  /** The host that the browser asked, without a port. */
  readonly hostname: string;
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

/** Makes the page of one request. */
export function createPage<Request extends RequestLike>(
  context: PageContext<Request>,
  request: Request,
  { mount, hostname }: Site,
): Page {
  const { mode = 'inline', anonymous = 'show', settings, nonce } = context.inject;
  const inline = mode === 'inline';
  let written: string | Promise<string> | undefined;
  let placed = false;
  if (inline) forgetValidators(request);

  /** Asks for the contact as soon as the page begins, so that the answer is there when it ends. */
  function write(head: ResponseHead): string | Promise<string> {
    try {
      const found = findNonce([nonce?.(request), head.nonce], head.headers.get('content-security-policy'));
      const answer = inline ? context.contact(request) : null;
      if (inline && !answer) forgetUser(head.headers);
      const inbox = context.inboxFor(request);
      if (!isPromise(answer) && !isPromise(inbox)) return compose(inbox, answer, found);
      return Promise.all([inbox, answer])
        .then(([inbox, answer]) => compose(inbox, answer, found))
        .catch(without);
    } catch (error) {
      return without(error);
    }
  }

  function without(error: unknown): string {
    context.failed(error, request);
    return '';
  }

  /** Nobody is signed in, but the browser still carries somebody's widget session. */
  function forgetUser(headers: ResponseHeaders): void {
    if (userCookies(request).length === 0) return;
    for (const cookie of logoutCookies(request, hostname)) headers.append('Set-Cookie', cookie);
  }

  function compose(inbox: PreparedInbox, answer: ContactAnswer, nonce: string | undefined): string {
    // Whoever writes `//host`, `/\host` or `http://host` where a path belongs must not lead the page to that host.
    const base = /^\/[^/\\\s]/.test(mount) ? mount : '';
    const data: PageData = {
      base_url: inbox.baseUrl,
      website_token: inbox.websiteToken,
      ...(inline && { identity: isContact(answer) ? toIdentity(answer, inbox) : null }),
      identity_url: `${base}${context.path}`,
      anonymous,
      ...(settings && { settings }),
    };
    return markup(data, { scriptUrl: `${base}${context.scriptPath}`, nonce });
  }

  return {
    tail: createTail(),
    begin(head, body) {
      if (placed) return false;
      if (!isPage(head) || (request.method !== 'HEAD' && body && isFragment(body))) return false;
      if (inline) forbidCaching(head.headers);
      changeBody(head.headers);
      if (request.method === 'HEAD') return false;
      written = write(head);
      return true;
    },
    markup: () => written ?? '',
    place(head) {
      placed = true;
      if (inline) forbidCaching(head.headers);
      written ??= write(head);
      return written;
    },
  };
}

function isFragment({ bytes, complete }: FirstBytes): boolean {
  const document = beginsDocument(bytes);
  return complete ? !document : document === false;
}

/** Query builders are thenables too. */
function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as Promise<T> | undefined)?.then === 'function';
}
