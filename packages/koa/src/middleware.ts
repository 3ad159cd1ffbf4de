import * as script from '@chatwoot-identity/browser/script';
import {
  type AdapterOptions,
  createAdapter,
  type Page,
  preventCaching,
  setEndpointHeaders,
} from '@chatwoot-identity/core/internal';
import type { Context, Middleware } from 'koa';
import { injectInto, pendingResponse } from './inject-response.js';

declare module 'koa' {
  interface DefaultState {
    /**
     * Returns the chat's markup, for templates that insert the markup themselves: `<%- chatwootIdentity() %>` before
     * `</body>`. The chat's markup contains no identity. Returns a promise if `inbox` is asynchronous. Defined only
     * if the `inject` option is set.
     */
    chatwootIdentity?: () => string | Promise<string>;
  }
}

/** Options of {@link chatwootIdentity}. */
export interface ChatwootIdentityOptions extends AdapterOptions<Context> {}

/**
 * Serves the signed-in user's Chatwoot identity at `GET /chatwoot/identity` and, with `inject`, adds the chat to every
 * HTML page. All other requests pass through unchanged.
 *
 * Mount the middleware once: after the session middleware and `koa-compress`, and before routes and response caches.
 *
 * For requests to the endpoint, errors of `contact` and `inbox` are thrown, so that Koa handles these errors. HTML
 * pages are sent even if `contact` or `inbox` fails. If `contact` fails, the page fetches the identity from the
 * endpoint. If `inbox` fails, the page has no chat.
 *
 * @param options the inbox, the function that returns the signed-in user, and how to inject the chat
 * @returns the middleware
 * @throws {TypeError} if an option is invalid; the message explains how to fix it
 * @example
 * app.use(session(app));
 * app.use(
 *   chatwootIdentity({
 *     inbox: { hmacToken: process.env.CHATWOOT_HMAC_TOKEN, websiteToken, baseUrl },
 *     contact: (ctx) => ctx.session.user && { identifier: ctx.session.user.id, name: ctx.session.user.name },
 *     inject: true,
 *   }),
 * );
 */
export function chatwootIdentity(options: ChatwootIdentityOptions): Middleware {
  const adapter = createAdapter<Context>(options, script);

  return function chatwootIdentity(ctx, next) {
    const reply = adapter.reply(ctx, ctx.path, '');
    if (reply) {
      return reply.then(
        ({ status, headers, body }) => {
          ctx.status = status;
          ctx.body = body;
          setEndpointHeaders(pendingResponse(ctx), headers);
        },
        (error) => {
          preventCaching(pendingResponse(ctx));
          throw error;
        },
      );
    }
    if (!adapter.openPage) return next();
    const page = adapter.openPage(ctx, mountOf(ctx));
    ctx.state.chatwootIdentity = templateHelper(ctx, page);
    if (!page.wanted) return next();
    const asked = ctx as Asked;
    asked[PAGE] = page;
    return next().then(() => {
      // koa-conditional-get, if it is mounted earlier, compares the If-None-Match header of the request with the ETag
      // of the response. Restore the original If-None-Match header for that comparison.
      if (page.ifNoneMatch !== undefined) ctx.headers['if-none-match'] = page.ifNoneMatch;
      // If the middleware is mounted twice, the inner instance takes precedence.
      return asked[PAGE] === page ? injectInto(ctx, page) : undefined;
    });
  };
}

/** A registered symbol (`Symbol.for`), because an app may load this package both as an ES module and as CommonJS. */
const PAGE: unique symbol = Symbol.for('chatwoot-identity.page') as never;

type Asked = Context & { [PAGE]?: Page<Context> };

/**
 * Returns the function for `ctx.state.chatwootIdentity`. The function is created outside the middleware so that the
 * closure captures only `ctx` and `page`: creating it inline reduced the throughput by a third.
 */
function templateHelper(ctx: Context, page: Page<Context>): () => string | Promise<string> {
  return () => page.renderMarkup(pendingResponse(ctx));
}

/**
 * Returns the path that the middleware is mounted at, or an empty string. koa-mount strips the mount path from
 * `ctx.path`. `ctx.mountPath` is unreliable: it contains only the innermost mount path, and it is still set for
 * middleware that runs after the mounted middleware.
 */
function mountOf({ originalUrl, path, mountPath }: Context): string {
  const query = originalUrl.indexOf('?');
  const asked = query === -1 ? originalUrl : originalUrl.slice(0, query);
  if (asked.endsWith(path)) return asked.slice(0, -path.length);
  return path === '/' && mountPath && asked.endsWith(mountPath) ? asked : '';
}
