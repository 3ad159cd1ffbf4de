import { createEndpoint } from './endpoint.js';
import { type ContactAnswer, type ContactOption, isContact } from './identity/contact.js';
import { type Identity, toIdentity } from './identity/identity.js';
import { compileInbox, type InboxOption } from './identity/inbox.js';
import { checkOptions } from './options.js';
import type { Reply } from './reply.js';
import type { RequestLike } from './request.js';

/** Options of {@link createChatwootIdentity}. */
export interface ChatwootIdentityOptions<Request extends RequestLike = RequestLike> {
  /** The inbox that signs, or a function of the request that finds it. */
  inbox: InboxOption<Request>;
  /**
   * Origins of other sites that may fetch the identity with credentials, for example
   * `['https://shop.example.com']`.
   * @default [] - only the app's own site
   */
  allowedOrigins?: readonly string[] | undefined;
}

/** Signs contacts of one app. */
export interface ChatwootIdentity<Request extends RequestLike = RequestLike> {
  /**
   * The contact's identity, or null for nobody.
   *
   * @param contact the signed-in user, from the session and nowhere else
   * @param request what an `inbox` function is asked with
   * @throws {ChatwootIdentityError} when the contact or the inbox must not be used; see its `code`
   */
  identify(contact: ContactAnswer, request?: Request): Promise<Identity | null>;
  /**
   * The endpoint's whole answer: 200 with the identity, 401 for nobody, 403 for another site, 405 for other
   * methods. Never cacheable.
   *
   * @param request the incoming request
   * @param contact the signed-in user, or a function that takes it from the request; not asked when the request is refused
   * @throws what `contact` or `inbox` throws, and {@link ChatwootIdentityError}: hand it to the framework
   */
  respond(request: Request, contact: ContactOption<Request>): Promise<Reply>;
}

/**
 * Prepares signing for an inbox; everything that can be checked is checked now.
 *
 * Use it where there is no adapter. The Express, Koa and Next.js packages are this with their framework's types.
 *
 * @throws {TypeError} when an option is unusable, saying how to mend it
 * @example
 * const chatwoot = createChatwootIdentity({ inbox: { hmacToken, websiteToken, baseUrl } });
 * const identity = await chatwoot.identify({ identifier: user.id, name: user.name });
 * @example
 * const { status, headers, body } = await chatwoot.respond(request, (request) => request.session.user);
 * response.writeHead(status, headers).end(body);
 */
export function createChatwootIdentity<Request extends RequestLike = RequestLike>(
  options: ChatwootIdentityOptions<Request>,
): ChatwootIdentity<Request> {
  checkOptions('createChatwootIdentity', options, ['inbox', 'allowedOrigins']);
  const inboxFor = compileInbox(options.inbox);
  const endpoint = createEndpoint(options.allowedOrigins);

  async function identify(contact: ContactAnswer, request?: Request): Promise<Identity | null> {
    return isContact(contact) ? toIdentity(contact, await inboxFor(request as Request)) : null;
  }

  return {
    identify,
    async respond(request, contact) {
      const refusal = endpoint.refuse(request);
      if (refusal) return refusal;
      const answer = typeof contact === 'function' ? await contact(request) : contact;
      return endpoint.answer(request, await identify(answer, request));
    },
  };
}
