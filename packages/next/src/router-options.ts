import type { Reply, RequestLike } from '@chatwoot-identity/core';
import {
  type AdapterOptions,
  checkContact,
  checkOptions,
  compileOnError,
  createEndpoint,
  createIdentityResolver,
  type RequestIdentity,
} from '@chatwoot-identity/core/internal';

const KNOWN = ['inbox', 'contact', 'allowedOrigins', 'onError'] as const;

/** The options that the App Router and the Pages Router share. */
export type RouterOptions<Request> = Pick<AdapterOptions<Request>, (typeof KNOWN)[number]>;

/** The compiled options of one app. */
export interface CompiledOptions<Request extends RequestLike> {
  /**
   * Returns functions that resolve the inbox and the identity of a request. The `inbox` and `contact` options are
   * called only when one of the returned functions is called.
   *
   * @throws {TypeError} if the inbox or `allowedOrigins` is invalid; the message explains how to fix it
   */
  resolve(request: Request): RequestIdentity<Request>;
  /** Returns the endpoint's response to a request. Rejects with any error of `resolve`, `contact` or `inbox`. */
  respond(request: Request): Promise<Reply>;
  /** Passes an error to `onError`, or logs the error if there is no `onError`. Never throws. */
  report(error: unknown, request: Request): void;
  /**
   * Passes an error to `onError` if there is one, and does not log it: the caller logs or throws the error. Never
   * throws.
   */
  reportToApp(error: unknown, request: Request): void;
}

/**
 * Compiles the options of a router. The inbox and `allowedOrigins` are validated at the first request, because
 * `next build` loads the module without the environment variables of production.
 *
 * @param owner the name of the public function that received the options, for error messages
 * @throws {TypeError} if an option is misspelled, or if `contact` or `onError` is not a function; the message explains
 *   how to fix it
 */
export function compileOptions<Request extends RequestLike>(
  owner: string,
  options: RouterOptions<Request>,
): CompiledOptions<Request> {
  checkOptions(owner, options, KNOWN);
  const { inbox, contact, allowedOrigins, onError } = options;
  checkContact(contact);
  const report = compileOnError(onError);

  const compile = () => ({
    endpoint: createEndpoint(allowedOrigins),
    resolve: createIdentityResolver<Request>({ inbox, contact, onTooLong: report }),
  });
  let compiled: ReturnType<typeof compile> | undefined;
  const atFirstRequest = () => (compiled ??= compile());

  return {
    resolve: (request) => atFirstRequest().resolve(request),
    async respond(request) {
      const { endpoint, resolve } = atFirstRequest();
      return endpoint.respond(request, () => resolve(request).identity());
    },
    report,
    reportToApp(error, request) {
      if (onError) report(error, request);
    },
  };
}
