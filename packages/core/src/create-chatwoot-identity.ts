import { createEndpoint } from './endpoint.js';
import type { ContactAnswer, ContactOption } from './identity/contact.js';
import { compileInbox, type InboxOption } from './identity/inbox.js';
import { RequestIdentity } from './identity/request-identity.js';
import { checkOptions } from './options.js';
import type { Reply } from './reply.js';
import type { RequestLike } from './request.js';
import type { Identity } from './wire.js';

/** Options of {@link createChatwootIdentity}. */
export interface ChatwootIdentityOptions<Request extends RequestLike = RequestLike> {
  /** The inbox that signs, or a function that returns the inbox for a request. */
  inbox: InboxOption<Request>;
  /**
   * Origins of other sites that may fetch the identity with credentials, for example
   * `['https://shop.example.com']`; each of them can read a hash that never expires.
   * @default []
   */
  allowedOrigins?: readonly string[] | undefined;
}

/** Signs contacts of one app. */
export interface ChatwootIdentity<Request extends RequestLike = RequestLike> {
  /**
   * Signs a contact.
   *
   * @param contact the signed-in user, from the session and nowhere else
   * @param request the request, which an `inbox` function receives
   * @returns the identity, or null for an anonymous visitor
   * @throws {ChatwootIdentityError} if the contact or the inbox is unusable; see its `code`
   */
  identify(contact: ContactAnswer, request?: Request): Promise<Identity | null>;
  /**
   * Creates the endpoint's whole response: 200 with the identity, 401 for an anonymous visitor (204 for the page script), 403 for
   * another site, 405 for other methods. Never cacheable.
   *
   * @param request the incoming request
   * @param contact the signed-in user, or a function that takes it from the request; not called if the request is refused
   * @returns the status, headers and body, for the framework to send
   * @throws {Error} any error of `contact` or `inbox`, and {@link ChatwootIdentityError}: pass it to the framework
   */
  respond(request: Request, contact: ContactOption<Request>): Promise<Reply>;
}

/**
 * Prepares signing for an inbox and checks every option that can be checked now.
 *
 * Use it if there is no adapter for your framework.
 *
 * @param options the inbox, and the other sites that may read an identity
 * @returns functions that sign a contact and answer the endpoint
 * @throws {TypeError} if an option is unusable; the message says how to fix it
 * @example
 * const chatwoot = createChatwootIdentity({ inbox: { hmacToken, websiteToken, baseUrl } });
 * const identity = await chatwoot.identify({ identifier: user.id, name: user.name });
 * @example
 * const chatwoot = createChatwootIdentity({ inbox: { hmacToken, websiteToken, baseUrl } });
 * createServer(async (request, response) => {
 *   const { status, headers, body } = await chatwoot.respond(request, findUser);
 *   response.writeHead(status, headers).end(body);
 * });
 */
export function createChatwootIdentity<Request extends RequestLike = RequestLike>(
  options: ChatwootIdentityOptions<Request>,
): ChatwootIdentity<Request> {
  checkOptions('createChatwootIdentity', options, ['inbox', 'allowedOrigins']);
  const findInbox = compileInbox(options.inbox);
  const endpoint = createEndpoint(options.allowedOrigins);
  const resolve = (request: Request, contact: ContactOption<Request>) =>
    new RequestIdentity(
      request,
      findInbox,
      typeof contact === 'function' ? contact : () => contact,
    ).identity();

  return {
    async identify(contact, request) {
      return resolve(request as Request, contact);
    },
    respond: (request, contact) => endpoint.respond(request, () => resolve(request, contact)),
  };
}
