import * as script from '@chatwoot-identity/browser/script';
import {
  type AdapterOptions,
  createAdapter,
  headersOf,
  type Page,
  sealCaching,
} from '@chatwoot-identity/core/adapter';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
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
  const { pages } = adapter;

  return function chatwootIdentity(req: Request, res: Response, next: NextFunction) {
    const reply = adapter.reply(req, pathOf(req.url));
    if (reply) {
      reply
        .then(({ status, headers, body }) => {
          for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
          sealCaching(headersOf(res));
          res.writeHead(status).end(body);
        })
        .catch(next);
      return;
    }
    if (pages) {
      const site = { mount: req.baseUrl ?? '', hostname: req.hostname ?? '' };
      let page: Page | undefined;
      const open = () => (page ??= injectInto(res, pages.open(req, site)));
      if (pages.wanted(req)) open();
      if (res.locals) res.locals.chatwootIdentity = () => open().place(headOf(res));
    }
    next();
  };
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
