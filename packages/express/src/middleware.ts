import { ServerResponse } from 'node:http';
import * as script from '@chatwoot-identity/browser/script';
import {
  type AdapterOptions,
  createAdapter,
  type Page,
  preventCaching,
  setEndpointHeaders,
} from '@chatwoot-identity/core/internal';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { injectInto, pendingResponse } from './inject-response.js';

declare global {
  namespace Express {
    interface Locals {
      /**
       * The chat's markup, for a template that places it: `<%- chatwootIdentity() %>` before `</body>`. It contains no
       * identity. Returns a promise if `inbox` is asynchronous. Defined only if `inject` is used.
       */
      chatwootIdentity?: () => string | Promise<string>;
    }
  }
}

/** Captured at start-up, because instrumentation may patch Node's prototype later. */
const native: Pick<ServerResponse, 'writeHead' | 'end'> = {
  writeHead: ServerResponse.prototype.writeHead,
  end: ServerResponse.prototype.end,
};

/** Options of {@link chatwootIdentity}. */
export interface ChatwootIdentityOptions extends AdapterOptions<Request> {}

/**
 * Serves the signed-in user's Chatwoot identity at `GET /chatwoot/identity` and, with `inject`, puts the chat
 * into every HTML page. All other requests pass through.
 *
 * Mount it once, after the session middleware and `compression`, before routes and response caches. At the endpoint,
 * errors of `contact` and `inbox` are passed to Express' error handler. Pages are still sent: if `contact` failed, the
 * page fetches the identity from the endpoint; if `inbox` failed, it has no chat.
 *
 * @param options the inbox, the signed-in user, and where the chat goes
 * @returns the middleware
 * @throws {TypeError} if an option is unusable; the message says how to fix it
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
    const mount = req.baseUrl ?? '';
    const reply = adapter.reply(req, pathOf(req.url), mount);
    if (reply) {
      reply
        .then(({ status, headers, body }) => {
          const isUnwrapped = res.writeHead === native.writeHead && res.end === native.end;
          setEndpointHeaders(pendingResponse(res, isUnwrapped), headers);
          // Does not call writeHead, because middleware that wraps end() may still add a header.
          res.statusCode = status;
          res.end(body);
        })
        .catch((error: unknown) => {
          if (!res.headersSent) preventCaching(pendingResponse(res));
          next(error);
        });
      return;
    }
    if (adapter.openPage) {
      const page = adapter.openPage(req, mount);
      if (page.wanted) injectInto(res, page);
      if (res.locals) res.locals.chatwootIdentity = templateHelper(res, page);
    }
    next();
  };
}

/** Defined here so that the closure captures only `res` and `page`. Inside the middleware, it doubled the cost on Node 20. */
function templateHelper(res: Response, page: Page<Request>): () => string | Promise<string> {
  return () => page.renderMarkup(pendingResponse(res));
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
