import { isNativeError } from 'node:util/types';
import { ChatwootIdentityError } from '../error.js';
import { hasLoggedOut } from '../logout.js';
import type { RequestLike } from '../request.js';
import type { Identity } from '../wire.js';
import { type ContactAnswer, isContact } from './contact.js';
import { toIdentity } from './identity.js';
import { compileInbox, type InboxOption, type PreparedInbox } from './inbox.js';
import { isPromise } from './promise.js';

/** The options that determine the identities of an app. */
export interface IdentitySources<Request> {
  /** The inbox that signs identities, or a function that returns the inbox for a request. */
  readonly inbox: InboxOption<Request>;
  /** Returns the signed-in user from the request's session. */
  readonly contact: (request: Request) => ContactAnswer | Promise<ContactAnswer>;
  /**
   * Receives an error for a profile field that was shortened or left out because Chatwoot would refuse it.
   * The function is called at most once per app.
   */
  readonly onTooLong?: ((error: ChatwootIdentityError, request: Request) => void) | undefined;
}

/**
 * Compiles `inbox` and `contact` into a function that resolves the identity of a request. The endpoint, the
 * pages and the Next.js package all use this function.
 *
 * @throws {TypeError} if an inbox given as a value is unusable
 * @example
 * const resolveIdentity = createIdentityResolver({ inbox, contact });
 * const { websiteToken } = await resolveIdentity(request).inbox();
 * const identity = await resolveIdentity(request).identity();
 */
export function createIdentityResolver<Request extends RequestLike>({
  inbox,
  contact,
  onTooLong,
}: IdentitySources<Request>): (request: Request) => RequestIdentity<Request> {
  const findInbox = compileInbox(inbox);
  let reported = false;
  function reportOnce(error: ChatwootIdentityError, request: Request): void {
    if (reported) return;
    reported = true;
    onTooLong?.(error, request);
  }
  return (request) => new RequestIdentity(request, findInbox, contact, reportOnce);
}

/**
 * The inbox and the identity of one request. The method `identity` calls `contact` first, then `inbox`. The
 * `inbox` option is called at most once.
 */
export class RequestIdentity<Request extends RequestLike> {
  readonly #request: Request;
  readonly #findInbox: (request: Request) => PreparedInbox | Promise<PreparedInbox>;
  readonly #contact: (request: Request) => ContactAnswer | Promise<ContactAnswer>;
  readonly #onTooLong: ((error: ChatwootIdentityError, request: Request) => void) | undefined;
  #inbox: PreparedInbox | Promise<PreparedInbox> | undefined;
  #inboxError: unknown;

  constructor(
    request: Request,
    findInbox: (request: Request) => PreparedInbox | Promise<PreparedInbox>,
    contact: (request: Request) => ContactAnswer | Promise<ContactAnswer>,
    onTooLong?: (error: ChatwootIdentityError, request: Request) => void,
  ) {
    this.#request = request;
    this.#findInbox = findInbox;
    this.#contact = contact;
    this.#onTooLong = onTooLong;
  }

  /**
   * Returns the inbox that signs for this request, synchronously if the app's `inbox` option is synchronous.
   *
   * @throws {Error} the error of the app's `inbox` function; if that function is asynchronous, the returned
   *   promise rejects with its error
   */
  inbox(): PreparedInbox | Promise<PreparedInbox> {
    if (this.#inboxError) throw this.#inboxError;
    try {
      this.#inbox ??= withErrors(() => this.#findInbox(this.#request));
      return this.#inbox;
    } catch (error) {
      this.#inboxError = error;
      throw error;
    }
  }

  /**
   * Returns the signed identity, or null for an anonymous visitor. The result is synchronous if both
   * `contact` and `inbox` are synchronous.
   *
   * @throws {Error} the error of `contact` or `inbox`, or {@link ChatwootIdentityError}; if either function
   *   is asynchronous, the returned promise rejects with this error
   */
  identity(): Identity | null | Promise<Identity | null> {
    if (hasLoggedOut(this.#request)) return null;
    return withErrors(() => {
      const answer = this.#contact(this.#request);
      return isPromise(answer)
        ? Promise.resolve(answer).then((contact) => this.#sign(contact))
        : this.#sign(answer);
    });
  }

  #sign(contact: ContactAnswer): Identity | null | Promise<Identity | null> {
    if (!isContact(contact)) return null;
    const inbox = this.inbox();
    const sign = (found: PreparedInbox) =>
      toIdentity(contact, found, (error) => this.#onTooLong?.(error, this.#request));
    return isPromise(inbox) ? inbox.then(sign) : sign(inbox);
  }
}

/**
 * Calls `ask` and ensures that it throws or rejects only with an Error. An undefined error would make Express
 * receive `next(undefined)`, which Express treats as success.
 */
function withErrors<T>(ask: () => T | Promise<T>): T | Promise<T> {
  try {
    const answer = ask();
    return isPromise(answer) ? answer.catch(fail) : answer;
  } catch (error) {
    return fail(error);
  }
}

function fail(reason: unknown): never {
  if (reason instanceof Error || isNativeError(reason)) throw reason;
  throw new ChatwootIdentityError(
    'contact_failed',
    'contact or inbox failed with something that is not an Error, such as Promise.reject(). Throw or reject with an Error.',
    { cause: reason },
  );
}
