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
     * The chat's markup, for a template that places it: `<%- chatwootIdentity() %>` before `</body>`. Returns a promise
     * if `inbox` is asynchronous. Defined only if `inject` is used.
     */
    chatwootIdentity?: () => string | Promise<string>;
  }
}

/** Options of {@link chatwootIdentity}. */
export interface ChatwootIdentityOptions extends AdapterOptions<Context> {}

/**
 * Serves the signed-in user's Chatwoot identity at `GET /chatwoot/identity` and, with `inject`, puts the chat
 * into every HTML page. All other requests pass through.
 *
 * Mount it once, after the session and `koa-compress`, before routes and response caches. At the endpoint, errors of
 * `contact` and `inbox` are thrown, so that Koa responds. Pages are still sent: if `contact` failed, the page fetches the
 * identity from the endpoint; if `inbox` failed, it has no chat.
 *
 * @param options the inbox, the signed-in user, and where the chat goes
 * @returns the middleware
 * @throws {TypeError} if an option is unusable; the message says how to fix it
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
      // koa-conditional-get, if mounted before us, compares the visitor's own entity tag with the one that we send.
      if (page.ifNoneMatch !== undefined) ctx.headers['if-none-match'] = page.ifNoneMatch;
      // If the middleware is mounted twice, the inner one takes precedence.
      return asked[PAGE] === page ? injectInto(ctx, page) : undefined;
    });
  };
}

/** `Symbol.for`, because an app may load this package twice, as ESM and as CommonJS. */
const PAGE: unique symbol = Symbol.for('chatwoot-identity.page') as never;

type Asked = Context & { [PAGE]?: Page<Context> };

/** Defined here so that the closure captures only `ctx` and `page`. Inside the middleware, it cost a third of the throughput. */
function templateHelper(ctx: Context, page: Page<Context>): () => string | Promise<string> {
  return () => page.renderMarkup(pendingResponse(ctx));
}

/**
 * koa-mount strips the mount path from `ctx.path`. `ctx.mountPath` is unreliable: it holds only the innermost mount path,
 * and stays set for middleware that runs after the mounted one.
 */
function mountOf({ originalUrl, path, mountPath }: Context): string {
  const query = originalUrl.indexOf('?');
  const asked = query === -1 ? originalUrl : originalUrl.slice(0, query);
  if (asked.endsWith(path)) return asked.slice(0, -path.length);
  return path === '/' && mountPath && asked.endsWith(mountPath) ? asked : '';
}
