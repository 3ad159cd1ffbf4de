import * as script from '@chatwoot-identity/browser/script';
import {
  createAdapter,
  internalServerError,
  type Page,
  type ScriptReply,
} from '@chatwoot-identity/core/internal';
import { FetchRequest } from './fetch-request.js';
import { injectInto } from './inject-response.js';
import { bindOptions, type ChatwootIdentityOptions } from './options.js';

/** The request handler of the app. */
type Next = (request: Request) => Response | Promise<Response>;

/**
 * The function that `chatwootIdentity` returns. This function responds to a request or passes the request to the app.
 */
type ChatwootIdentity<Context> = (
  request: Request,
  next: Next,
  ...context: undefined extends Context ? [context?: Context] : [context: Context]
) => Promise<Response>;

/**
 * Serves the signed-in user's Chatwoot identity at `GET /chatwoot/identity` and, with `inject`, adds the chat to every
 * HTML page. All other requests pass through unchanged.
 *
 * Wrap the request handler of the app with the returned function. Compress responses outside this function, and mount
 * response caches between this function and the app. `next` may receive a copy of the request with changed conditional
 * headers: pass that copy to the app.
 *
 * If `contact` or `inbox` fails, the endpoint responds with status 500 and logs the error. HTML pages are sent even
 * if `contact` or `inbox` fails. If `contact` fails, the page fetches the identity from the endpoint. If `inbox`
 * fails, the page has no chat.
 *
 * @param options the inbox, the function that returns the signed-in user, and how to inject the chat
 * @typeParam Context the type of the third argument, for example a framework's context, which `contact` also receives
 * @returns a function that takes a request, the app's request handler and, if `contact` needs it, a context
 * @throws {TypeError} if an option is invalid; the message explains how to fix it
 * @example
 * const chatwoot = chatwootIdentity({
 *   inbox: { hmacToken: process.env.CHATWOOT_HMAC_TOKEN, websiteToken, baseUrl },
 *   contact: async (request) => {
 *     const user = await userOf(request);
 *     return user && { identifier: user.id, name: user.name };
 *   },
 *   inject: true,
 * });
 * const handle = (request: Request) => chatwoot(request, respond);
 */
export function chatwootIdentity<Context = undefined>(
  options: ChatwootIdentityOptions<Context>,
): ChatwootIdentity<Context> {
  const adapter = createAdapter<FetchRequest<Context>>(bindOptions(options), script);

  return async function chatwootIdentity(request, next, context?: Context) {
    const asked = new FetchRequest(request, context as Context);
    const reply = adapter.reply(asked, asked.pathname, '');
    if (reply) return toResponse(await reply.catch(failed));
    const page = adapter.openPage?.(asked, '');
    if (!page?.wanted) return next(request);
    const forwarded: Marked<Context> = asked.forward();
    // If the app is wrapped twice, the inner call takes precedence: it overwrites the page that the outer call
    // assigned to the request.
    (request as Marked<Context>)[PAGE] = forwarded[PAGE] = page;
    const response = await next(forwarded);
    return forwarded[PAGE] === page ? injectInto(response, page, request) : response;
  };
}

/** A registered symbol (`Symbol.for`), because an app may load this package both as an ES module and as CommonJS. */
const PAGE: unique symbol = Symbol.for('chatwoot-identity.page') as never;

type Marked<Context> = Request & { [PAGE]?: Page<FetchRequest<Context>> };

function toResponse({ status, headers, body }: ScriptReply): Response {
  return new Response((body as string) || null, { status, headers });
}

/**
 * Logs an error and returns the endpoint's response. The error is not thrown, because the default error response of a
 * server has no header that prevents caching.
 */
function failed(error: unknown): ScriptReply {
  console.error('chatwoot-identity: the identity endpoint responded with status 500.', error);
  return internalServerError();
}
