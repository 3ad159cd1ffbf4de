import type { ContactAnswer, Inbox } from '@chatwoot-identity/core';
import {
  type AdapterOptions,
  compileInject,
  type InjectOption,
  type InjectOptions,
} from '@chatwoot-identity/core/internal';
import type { FetchRequest } from './fetch-request.js';

/** A function in the options, which receives the request and the framework's context. */
type Callback<Context, Answer> = (request: Request, context: Context) => Answer;

/**
 * Options of {@link chatwootIdentity}. `Context` is the type of the third argument of the function that
 * `chatwootIdentity` returns.
 */
export interface ChatwootIdentityOptions<Context = undefined>
  extends Pick<AdapterOptions<Request>, 'allowedOrigins'> {
  /**
   * The endpoint's path, from the root of the site.
   * @default '/chatwoot/identity'
   */
  path?: string | undefined;
  /** The inbox that signs, or a function that returns the inbox for a request. */
  inbox: Inbox | Callback<Context, Inbox | Promise<Inbox>>;
  /**
   * Returns the signed-in user from the request's session, or null for an anonymous visitor. Only the result of this
   * function is ever signed.
   */
  contact: Callback<Context, ContactAnswer | Promise<ContactAnswer>>;
  /**
   * Adds the chat to every HTML page. `true`: pages fetch the identity from the endpoint and stay cacheable.
   * `'inline'`: pages also contain the identity, and no cache may store these pages. An object sets further options.
   * `false`: only the endpoint is served.
   * @default false
   */
  inject?: boolean | 'inline' | FetchInjectOptions<Context> | undefined;
  /**
   * Receives each error that kept an identity, the chat or a part of the profile out of a response. Pages are sent
   * even if such an error occurs. Errors of the endpoint are always logged.
   * @default logs errors of pages and profiles
   */
  onError?: ((error: unknown, request: Request, context: Context) => void) | undefined;
}

/** Options for the chat that is added to pages. */
export interface FetchInjectOptions<Context> extends Omit<InjectOptions<Request>, 'nonce' | 'skip'> {
  /**
   * Returns the Content-Security-Policy nonce of the response. A nonce is not needed with `script-src 'self'`.
   * @default the nonce in the response's Content-Security-Policy header
   */
  nonce?: Callback<Context, string | undefined> | undefined;
  /**
   * Returns true for requests whose pages get no chat; it must depend on the path only, because shared caches store a
   * page by its path. It must be synchronous.
   */
  skip?: Callback<Context, boolean> | undefined;
}

/**
 * Returns the options in the form that the core package expects: each function takes a single argument. Invalid
 * values are returned unchanged, so that core rejects them.
 */
export function bindOptions<Context>(
  options: ChatwootIdentityOptions<Context>,
): AdapterOptions<FetchRequest<Context>> {
  const { inbox, contact, onError } = options ?? {};
  const inject = compileInject(options?.inject as InjectOption<never>) as
    | FetchInjectOptions<Context>
    | undefined;
  return {
    ...options,
    inbox: typeof inbox === 'function' ? bind(inbox) : inbox,
    contact: typeof contact === 'function' ? bind(contact) : contact,
    onError:
      typeof onError === 'function'
        ? (error, { request, context }) => onError(error, request, context)
        : onError,
    inject: inject && {
      ...inject,
      nonce: inject.nonce && bind(inject.nonce),
      skip: inject.skip && bind(inject.skip),
    },
  };
}

function bind<Context, Answer>(
  callback: Callback<Context, Answer>,
): (asked: FetchRequest<Context>) => Answer {
  return ({ request, context }) => callback(request, context);
}
