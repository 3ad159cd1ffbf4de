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
  /** The inbox that signs identities, or a function that returns the inbox for a request. */
  inbox: InboxOption<Request>;
  /**
   * Origins of other sites that may fetch the identity with credentials, for example
   * `['https://shop.example.com']`; each of these sites can read a hash that never expires.
   * @default []
   */
  allowedOrigins?: readonly string[] | undefined;
}

/** Signs the contacts of one app and responds to identity requests. */
export interface ChatwootIdentity<Request extends RequestLike = RequestLike> {
  /**
   * Signs a contact.
   *
   * @param contact the signed-in user, taken only from the app's session
   * @param request the request that is passed to the `inbox` function
   * @returns the identity, or null for an anonymous visitor
   * @throws {ChatwootIdentityError} if the contact or the inbox is unusable; see the error's `code`
   */
  identify(contact: ContactAnswer, request?: Request): Promise<Identity | null>;
  /**
   * Creates the complete response of the identity endpoint. The status is 200 with the identity, 401 for an
   * anonymous visitor (204 if the page script sent the request), 403 for another site and 405 for other
   * methods. No cache may store the response.
   *
   * @param request the incoming request
   * @param contact the signed-in user, or a function that returns the signed-in user of the request; the
   *   function is not called if the request is refused
   * @returns the status, headers and body, for the framework to send
   * @throws {Error} any error that `contact` or `inbox` throws, or a {@link ChatwootIdentityError}; pass it
   *   to the framework's error handler
   */
  respond(request: Request, contact: ContactOption<Request>): Promise<Reply>;
}

/**
 * Prepares signing for an inbox and checks every option that can be checked before the first request.
 *
 * Use this function if your framework has no adapter.
 *
 * @param options the inbox, and the other sites that may read an identity
 * @returns functions that sign a contact and create the identity endpoint's responses
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
