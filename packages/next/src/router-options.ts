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

/** The options of both routers. */
export type RouterOptions<Request> = Pick<AdapterOptions<Request>, (typeof KNOWN)[number]>;

/** The compiled options of one app. */
export interface CompiledOptions<Request extends RequestLike> {
  /**
   * Returns the inbox and the identity of a request. Nothing is called until they are read.
   *
   * @throws {TypeError} if the inbox or `allowedOrigins` is unusable; the message says how to fix it
   */
  resolve(request: Request): RequestIdentity<Request>;
  /** Returns the endpoint's response. Rejects with the errors of `resolve`, `contact` and `inbox`. */
  respond(request: Request): Promise<Reply>;
  /** Passes an error to `onError`, or logs it if `onError` is left out. Never throws. */
  report(error: unknown, request: Request): void;
  /** Passes an error to `onError` only, because it is logged elsewhere. Never throws. */
  reportToApp(error: unknown, request: Request): void;
}

/**
 * Compiles the options of a router. The inbox and `allowedOrigins` are checked at the first request, because
 * `next build` loads the module without the environment of production.
 *
 * @param owner the function that takes the options
 * @throws {TypeError} if an option is misspelled, or `contact` or `onError` is not a function; the message says how to
 *   fix it
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
