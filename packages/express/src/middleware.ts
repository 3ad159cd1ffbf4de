import * as script from '@chatwoot-identity/browser/script';
import {
  type AdapterOptions,
  createAdapter,
  decideCaching,
  type Page,
} from '@chatwoot-identity/core/adapter';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { NATIVE } from './outermost.js';
import { headOf, injectInto } from './response.js';

declare global {
  namespace Express {
    interface Locals {
      /**
       * The chat's markup, for a template that places it itself: `<%- chatwootIdentity() %>` before `</body>`.
       * A promise when `contact` or `inbox` gives one. Set when `inject` is on.
       */
      chatwootIdentity?: () => string | Promise<string>;
    }
  }
}

/** Options of {@link chatwootIdentity}. */
export interface ChatwootIdentityOptions extends AdapterOptions<Request> {}

/**
 * Serves the signed-in user's Chatwoot identity at `GET /chatwoot/identity` and, with `inject`, puts the chat
 * into every HTML page. Every other request falls through at once.
 *
 * Mount it once, after the session middleware and before the routes. Errors of `contact` and `inbox` go to
 * Express' error handler when the endpoint is asked; a page is served without a chat then.
 *
 * @throws {TypeError} when an option is unusable, saying how to mend it
 * @example
 * app.use(session({ secret, resave: false, saveUninitialized: false }));
 * app.use(
 *   chatwootIdentity({
 *     inbox: { hmacToken: process.env.CHATWOOT_HMAC_TOKEN, websiteToken, baseUrl },
 *     contact: (req) => req.session.user && { identifier: req.session.user.id, name: req.session.user.name },
 *     inject: true,
 *   }),
 * );
 */
export function chatwootIdentity(options: ChatwootIdentityOptions): RequestHandler {
  const adapter = createAdapter<Request>(options, script);

  return function chatwootIdentity(req: Request, res: Response, next: NextFunction) {
    const reply = adapter.reply(req, pathOf(req.url));
    if (reply) {
      reply
        .then(({ status, headers, body }) => {
          const last = res.writeHead === NATIVE.writeHead && res.end === NATIVE.end;
          decideCaching(headOf(res, last), headers);
          // Not writeHead: who patches end may still have a header to add.
          res.statusCode = status;
          res.end(body);
        })
        .catch(next);
      return;
    }
    if (adapter.openPage) {
      const page = adapter.openPage(req, req.baseUrl ?? '');
      if (page.wanted) injectInto(res, page);
      if (res.locals) res.locals.chatwootIdentity = placing(res, page);
    }
    next();
  };
}

/** A function of its own: one that the middleware made would keep all that it knows, at twice the cost on Node 20. */
function placing(res: Response, page: Page): () => string | Promise<string> {
  return () => page.place(headOf(res));
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
