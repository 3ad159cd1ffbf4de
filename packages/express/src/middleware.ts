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
       * Returns the chat's markup, for templates that insert the markup themselves: `<%- chatwootIdentity() %>`
       * before `</body>`. The chat's markup contains no identity. Returns a promise if `inbox` is asynchronous.
       * Defined only if the `inject` option is set.
       */
      chatwootIdentity?: () => string | Promise<string>;
    }
  }
}

/** Node's native response methods, captured at start-up because instrumentation may patch the prototype later. */
const native: Pick<ServerResponse, 'writeHead' | 'end'> = {
  writeHead: ServerResponse.prototype.writeHead,
  end: ServerResponse.prototype.end,
};

/** Options of {@link chatwootIdentity}. */
export interface ChatwootIdentityOptions extends AdapterOptions<Request> {}

/**
 * Serves the signed-in user's Chatwoot identity at `GET /chatwoot/identity` and, with `inject`, adds the chat to every
 * HTML page. All other requests pass through unchanged.
 *
 * Mount the middleware once: after the session middleware and `compression`, and before routes and response caches.
 *
 * For requests to the endpoint, errors of `contact` and `inbox` are passed to Express's error handler. HTML pages are
 * sent even if `contact` or `inbox` fails. If `contact` fails, the page fetches the identity from the endpoint. If
 * `inbox` fails, the page has no chat.
 *
 * @param options the inbox, the function that returns the signed-in user, and how to inject the chat
 * @returns the middleware
 * @throws {TypeError} if an option is invalid; the message explains how to fix it
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
          // Do not call `writeHead` here: middleware that wraps `end` may still add a header.
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

/**
 * Returns the function for `res.locals.chatwootIdentity`. The function is created outside the middleware so that the
 * closure captures only `res` and `page`: creating it inline doubled the cost of the middleware on Node 20.
 */
function templateHelper(res: Response, page: Page<Request>): () => string | Promise<string> {
  return () => page.renderMarkup(pendingResponse(res));
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
