import {
  type ContactOption,
  checkOptions,
  createChatwootIdentity,
  type InboxOption,
} from '@chatwoot-identity/core';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

/** Options of {@link chatwootIdentity}. */
export interface ChatwootIdentityOptions {
  /** The inbox that signs, or a function of the request that finds it. */
  inbox: InboxOption<Request>;
  /** The signed-in user, from the request's session; null when nobody is. The only way in. */
  contact: ContactOption<Request>;
  /**
   * Where the identity is served, below the path that the middleware is mounted on.
   * @default '/chatwoot/identity'
   */
  path?: string | undefined;
  /**
   * Origins of other sites that may fetch the identity with credentials.
   * @default [] - only the app's own site
   */
  allowedOrigins?: readonly string[] | undefined;
  /** Told of every error that kept an identity back. The endpoint hands it to Express as well. */
  onError?: ((error: unknown, request: Request) => void) | undefined;
}

/**
 * Serves the signed-in user's Chatwoot identity at `GET /chatwoot/identity`. Every other request falls
 * through at once.
 *
 * Mount it after the session middleware, once, at the app or at a router. Errors of `contact` and `inbox` go
 * to Express' error handler.
 *
 * @throws {TypeError} when an option is unusable, saying how to mend it
 * @example
 * app.use(session({ secret, resave: false, saveUninitialized: false }));
 * app.use(
 *   chatwootIdentity({
 *     inbox: { hmacToken: process.env.CHATWOOT_HMAC_TOKEN, websiteToken, baseUrl },
 *     contact: (req) => req.session.user && { identifier: req.session.user.id, name: req.session.user.name },
 *   }),
 * );
 */
export function chatwootIdentity(options: ChatwootIdentityOptions): RequestHandler {
  checkOptions(options, ['inbox', 'contact', 'path', 'allowedOrigins', 'onError']);
  const { contact, path = '/chatwoot/identity', onError } = options;
  const chatwoot = createChatwootIdentity<Request>(options);

  return function chatwootIdentity(req: Request, res: Response, next: NextFunction): void {
    if (req.path !== path) return next();
    chatwoot
      .respond(req, contact)
      .then(({ status, headers, body }) => res.writeHead(status, headers).end(body))
      .catch((error: unknown) => {
        onError?.(error, req);
        next(error);
      })
      .catch(next); // onError threw
  };
}
