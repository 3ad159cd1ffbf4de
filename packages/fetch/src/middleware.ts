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

/** The rest of the app. */
type Next = (request: Request) => Response | Promise<Response>;

/** Responds to a request, with the help of the app that it wraps. */
type ChatwootIdentity<Context> = (
  request: Request,
  next: Next,
  ...context: undefined extends Context ? [context?: Context] : [context: Context]
) => Promise<Response>;

/**
 * Serves the signed-in user's Chatwoot identity at `GET /chatwoot/identity` and, with `inject`, puts the chat into every
 * HTML page. All other requests pass through.
 *
 * Wrap the app with it, inside middleware that compresses or caches responses. `next` may receive a copy of the request
 * with changed conditional headers: pass that copy to the app. If `contact` or `inbox` fails, the endpoint answers 500
 * and the error is logged. Pages are still sent: if `contact` failed, the page fetches the identity from the endpoint; if
 * `inbox` failed, it has no chat.
 *
 * @param options the inbox, the contact and how pages get the chat
 * @typeParam Context the type of the third argument, for example a framework's context; `contact` receives it
 * @returns a function that takes a request, the app to wrap and, if `contact` needs it, a context
 * @throws {TypeError} if an option is unusable; the message says how to fix it
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
    // If the app calls this twice, the inner call takes precedence: it marks the request that the outer call looks at.
    (request as Marked<Context>)[PAGE] = forwarded[PAGE] = page;
    const response = await next(forwarded);
    return forwarded[PAGE] === page ? injectInto(response, page, request) : response;
  };
}

/** `Symbol.for`, because an app may load this package twice, as ESM and as CommonJS. */
const PAGE: unique symbol = Symbol.for('chatwoot-identity.page') as never;

type Marked<Context> = Request & { [PAGE]?: Page<FetchRequest<Context>> };

function toResponse({ status, headers, body }: ScriptReply): Response {
  return new Response((body as string) || null, { status, headers });
}

/** Returned rather than thrown: a server's own error response has no header that prevents caching. */
function failed(error: unknown): ScriptReply {
  console.error('chatwoot-identity: the identity endpoint answered 500.', error);
  return internalServerError();
}
