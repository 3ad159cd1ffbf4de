import * as script from '@chatwoot-identity/browser/script';
import {
  type AdapterOptions,
  createAdapter,
  decideCaching,
  type Page,
} from '@chatwoot-identity/core/adapter';
import type { Context, Middleware } from 'koa';
import { headOf, injectInto } from './response.js';

declare module 'koa' {
  interface DefaultState {
    /**
     * The chat's markup, for a template that places it itself: `<%- chatwootIdentity() %>` before `</body>`.
     * A promise when `contact` or `inbox` gives one. Set when `inject` is on.
     */
    chatwootIdentity?: () => string | Promise<string>;
  }
}

/** Options of {@link chatwootIdentity}. */
export interface ChatwootIdentityOptions extends AdapterOptions<Context> {}

/**
 * Serves the signed-in user's Chatwoot identity at `GET /chatwoot/identity` and, with `inject`, puts the chat
 * into every HTML page. Every other request falls through at once.
 *
 * Mount it once, after the session and `koa-compress` and before the routes. Errors of `contact` and `inbox`
 * are thrown when the endpoint is asked, so that Koa answers; a page is served without a chat then.
 *
 * @throws {TypeError} when an option is unusable, saying how to mend it
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
    const reply = adapter.reply(ctx, ctx.path);
    if (reply) {
      return reply.then(({ status, headers, body }) => {
        ctx.status = status;
        ctx.body = body;
        decideCaching(headOf(ctx), headers);
      });
    }
    if (!adapter.openPage) return next();
    const page = adapter.openPage(ctx, mountOf(ctx));
    ctx.state.chatwootIdentity = placing(ctx, page);
    return page.wanted ? next().then(() => injectInto(ctx, page)) : next();
  };
}

/** A function of its own: one that the middleware made would keep all that it knows, at a third of all throughput on Node 20. */
function placing(ctx: Context, page: Page): () => string | Promise<string> {
  return () => page.place(headOf(ctx));
}

/**
 * What mounts a middleware cuts its own part off `ctx.path`. `ctx.mountPath` alone does not say which: koa-mount
 * leaves the last one there, also in what comes after it, and no outer one.
 */
function mountOf({ originalUrl, path, mountPath }: Context): string {
  const query = originalUrl.indexOf('?');
  const asked = query === -1 ? originalUrl : originalUrl.slice(0, query);
  if (asked.endsWith(path)) return asked.slice(0, -path.length);
  return path === '/' && mountPath && asked.endsWith(mountPath) ? asked : '';
}
