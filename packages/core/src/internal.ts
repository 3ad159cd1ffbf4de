import { createEndpoint } from './endpoint.js';
import type { ContactAnswer } from './identity/contact.js';
import type { InboxOption } from './identity/inbox.js';
import { createIdentityResolver } from './identity/request-identity.js';
import { checkFunction, checkOptions } from './options.js';
import { compileInject, type InjectOption } from './page/inject-options.js';
import { Page } from './page/page.js';
import type { PageContext } from './page/page-markup.js';
import { createScriptFile, type Script, type ScriptReply } from './page/script.js';
import type { AdapterRequest } from './request.js';

export { createEndpoint, type Endpoint, internalServerError } from './endpoint.js';
export { type Identifier, toIdentifier } from './identity/identifier.js';
export {
  createIdentityResolver,
  type IdentitySources,
  RequestIdentity,
} from './identity/request-identity.js';
export { bareToken, problemWithHmacToken } from './identity/token.js';
export { logOut } from './logout.js';
export { checkOptions } from './options.js';
export { NEVER_CACHED, NO_SHARED_CACHE, preventCaching, setEndpointHeaders } from './page/caching.js';
export { isHtml } from './page/html-document.js';
export { HtmlInjector, injectIntoText } from './page/html-injector.js';
export { compileInject, type InjectOption, type InjectOptions } from './page/inject-options.js';
export { type MarkupOptions, renderMarkup } from './page/markup.js';
export { type FirstBytes, Page } from './page/page.js';
export {
  NodeHeaders,
  type PendingResponse,
  type ResponseHeaders,
  WebHeaders,
} from './page/response-headers.js';
export type { Script, ScriptReply } from './page/script.js';
export type { AdapterRequest, RequestHeaders } from './request.js';

/** The options that all adapters share. */
export interface AdapterOptions<Request> {
  /** The inbox that signs identities, or a function that returns the inbox for a request. */
  inbox: InboxOption<Request>;
  /**
   * Returns the signed-in user from the request's session, or null for an anonymous visitor. Only the user
   * that `contact` returns is ever signed.
   */
  contact: (request: Request) => ContactAnswer | Promise<ContactAnswer>;
  /**
   * The path of the identity endpoint, relative to the mount path of the middleware.
   * @default '/chatwoot/identity'
   */
  path?: string | undefined;
  /**
   * Origins of other sites that may fetch the identity with credentials; each of these sites can read a hash
   * that never expires.
   * @default []
   */
  allowedOrigins?: readonly string[] | undefined;
  /**
   * Puts the chat into every HTML page. With `true`, the page fetches the identity from the endpoint, and
   * pages stay cacheable. With `'inline'`, the page also contains the identity, and no cache may store the
   * page. An object can contain further options. With `false`, only the endpoint is served.
   * @default false
   */
  inject?: InjectOption<Request>;
  /**
   * Receives each error that prevented the identity, the chat or a part of the profile from being sent. The
   * endpoint also passes the error to the framework. A page is still sent, without the missing part.
   * @default logs the errors of pages and profiles
   */
  onError?: ((error: unknown, request: Request) => void) | undefined;
}

/** The compiled options of one app. */
export interface Adapter<Request extends AdapterRequest> {
  /**
   * Returns the response to a request for the identity endpoint or the page script. Returns undefined for any
   * other path. If the promise rejects, pass the error to the framework.
   *
   * @param pathname the request path without the mount path
   * @param mount the mount path of the middleware; empty if the middleware is mounted at the root
   */
  reply(request: Request, pathname: string, mount: string): Promise<ScriptReply> | undefined;
  /**
   * Creates the {@link Page} of a request. `openPage` is undefined if no page gets the chat.
   *
   * @param mount the mount path of the middleware; empty if the middleware is mounted at the root
   */
  readonly openPage?: (request: Request, mount: string) => Page<Request>;
}

const KNOWN = ['inbox', 'contact', 'path', 'allowedOrigins', 'inject', 'onError'];

/**
 * Compiles an adapter's options.
 *
 * @throws {TypeError} if an option is unusable; the message says how to fix it
 */
export function createAdapter<Request extends AdapterRequest>(
  options: AdapterOptions<Request>,
  script: Script,
): Adapter<Request> {
  checkCalled(options);
  checkOptions('chatwootIdentity', options, KNOWN);
  const { inbox, contact, path = '/chatwoot/identity', allowedOrigins, onError } = options;
  checkContact(contact);
  checkPath(path);
  const report = compileOnError(onError);
  const resolveIdentity = createIdentityResolver<Request>({ inbox, contact, onTooLong: report });
  const endpoint = createEndpoint(allowedOrigins);
  const inject = compileInject(options.inject);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const file = inject && createScriptFile(script);

  const context: PageContext<Request> | undefined = inject && {
    inject,
    resolveIdentity,
    asksInbox: typeof inbox === 'function',
    path,
    scriptPath: `${folder}${file!.name}`,
    failed: report,
    encoded: warnOnce(),
    constant: new Map(),
  };

  async function identity(request: Request): Promise<ScriptReply> {
    try {
      return await endpoint.respond(request, () => resolveIdentity(request).identity());
    } catch (error) {
      if (onError) report(error, request);
      throw error;
    }
  }

  return {
    reply(request, pathname, mount) {
      const asked = pathname === '/' && mount !== '' ? belowWildcard(mount, folder) : pathname;
      if (asked === path) return identity(request);
      if (!file || !asked.startsWith(folder)) return undefined;
      const reply = file.reply(request, asked.slice(folder.length));
      return reply && Promise.resolve(reply);
    },
    ...(context && { openPage: (request, mount) => new Page(context, request, mount) }),
  };
}

/**
 * Returns the request path below a wildcard mount (`app.use('*')`, NestJS `forRoutes('{*splat}')`). For a
 * wildcard mount, the framework reports the whole request path as the mount path, so the URLs in a page begin
 * with the path of that page. A `path` option with a single segment is not supported below a wildcard mount,
 * because the endpoint would replace every page with that last segment.
 */
function belowWildcard(mount: string, folder: string): string {
  const start = folder === '/' ? -1 : mount.lastIndexOf(folder);
  return start === -1 ? '/' : mount.slice(start);
}

/**
 * Returns a function that warns about compressed pages. The function warns only once, because otherwise every
 * page of the app would repeat the warning.
 */
function warnOnce(): (encoding: string) => void {
  let warned = false;
  return (encoding) => {
    if (warned) return;
    warned = true;
    console.warn(
      `chatwoot-identity: a page was already compressed (Content-Encoding: ${encoding}), so it was sent without the chat. ` +
        'Mount compression before chatwootIdentity.',
    );
  };
}

/**
 * Compiles the `onError` option.
 *
 * @returns a function that passes an error to `onError`, or to the console if `onError` is left out; never
 *   throws
 * @throws {TypeError} if the option is not a function
 */
export function compileOnError<Request>(
  onError: AdapterOptions<Request>['onError'],
): (error: unknown, request: Request) => void {
  checkFunction('onError', onError, '(error) => console.error(error)');
  return (error, request) => void tell(onError ?? log, error, request);
}

function log(error: unknown): void {
  console.error(
    'chatwoot-identity: a page was sent without the chat, or a user was sent with an incomplete profile.',
    error,
  );
}

/**
 * Calls `onError`. If `onError` throws or rejects, logs that error, because a failure of `onError` must not
 * break the page.
 */
async function tell<Request>(
  onError: (error: unknown, request: Request) => void,
  error: unknown,
  request: Request,
): Promise<void> {
  try {
    await onError(error, request);
  } catch (failure) {
    console.error('chatwoot-identity: onError failed.', failure);
  }
}

/**
 * Throws if the options are a request, because the app wrote `app.use(chatwootIdentity)` without calling the
 * function.
 */
function checkCalled(options: object): void {
  if (typeof options !== 'object' || options === null || !('headers' in options)) return;
  throw new TypeError('Call chatwootIdentity: app.use(chatwootIdentity({ inbox, contact })).');
}

/**
 * Throws if `contact` is not a function.
 *
 * @throws {TypeError} with an example of such a function
 */
export function checkContact(contact: unknown): void {
  if (typeof contact === 'function') return;
  throw new TypeError(
    'contact must be a function that returns the signed-in user of the request, for example ' +
      'contact: (req) => req.session.user && { identifier: req.session.user.id, name: req.session.user.name }.',
  );
}

function checkPath(path: unknown): void {
  if (typeof path === 'string' && /^(?:\/[\w\-.~]+)+$/.test(path)) return;
  throw new TypeError('path must be an absolute path of plain segments, for example "/chatwoot/identity".');
}
