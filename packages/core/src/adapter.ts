import { createChatwootIdentity } from './chatwoot.js';
import type { ContactAnswer } from './identity/contact.js';
import { compileInbox, type InboxOption } from './identity/inbox.js';
import { checkFunction, checkOptions } from './options.js';
import { compileInject, type InjectOption } from './page/inject.js';
import { createPage, type Page } from './page/page.js';
import { createScriptFile, type Script, type ScriptReply } from './page/script.js';
import type { AdapterRequest } from './request.js';

export { isContact } from './identity/contact.js';
export { toIdentity } from './identity/identity.js';
export { compileInbox, type PreparedInbox } from './identity/inbox.js';
export { checkOptions } from './options.js';
export { decideCaching, headersOf, isPage, type ResponseHead, type ResponseHeaders } from './page/head.js';
export type { InjectOptions } from './page/inject.js';
export type { FirstBytes, Page } from './page/page.js';
export type { Script, ScriptReply } from './page/script.js';
export { beginsDocument } from './page/tail.js';
export type { AdapterRequest } from './request.js';

/** The options that every adapter takes, under the same names. */
export interface AdapterOptions<Request> {
  /** The inbox that signs, or a function of the request that finds it. */
  inbox: InboxOption<Request>;
  /** The signed-in user, from the request's session; null when nobody is. The only way in. */
  contact: (request: Request) => ContactAnswer | Promise<ContactAnswer>;
  /**
   * Where the identity is served, below the path that the middleware is mounted on.
   * @default '/chatwoot/identity'
   */
  path?: string | undefined;
  /**
   * Origins of other sites that may fetch the identity with credentials.
   * @default [] - only the app's own site
   */
  allowedOrigins?: readonly string[] | undefined;
  /**
   * Puts the chat into every HTML page: `true` with the identity in the page, `'fetch'` with a page that stays
   * cacheable and asks the endpoint, or an object with more to say. Left out: only the endpoint.
   */
  inject?: InjectOption<Request>;
  /**
   * Told of every error that kept an identity back. The endpoint hands it to the framework as well; a page is
   * served whole, without a chat.
   * @default writes it to the console when a page went without a chat
   */
  onError?: ((error: unknown, request: Request) => void) | undefined;
}

/** One app's policy, for an adapter to carry out. */
export interface Adapter<Request> {
  /** The reply when the path is the endpoint's or the page script's. Rejects with what the framework is to handle. */
  reply(request: Request, pathname: string): Promise<ScriptReply> | undefined;
  /**
   * The page that may answer a request; undefined when `inject` is left out.
   *
   * @param mount the path that the middleware is mounted on, empty at the root
   */
  readonly openPage?: (request: Request, mount: string) => Page;
}

const KNOWN = ['inbox', 'contact', 'path', 'allowedOrigins', 'inject', 'onError'];

/**
 * Compiles an adapter's options.
 *
 * @throws {TypeError} when an option is unusable, saying how to mend it
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
  checkFunction('onError', onError, '(error) => console.error(error)');
  const chatwoot = createChatwootIdentity<Request>({ inbox, allowedOrigins });
  const inject = compileInject(options.inject);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const file = inject && createScriptFile(script);

  const context = inject && {
    inject,
    contact,
    inboxFor: compileInbox(inbox),
    path,
    scriptPath: `${folder}${file!.name}`,
    failed: (error: unknown, request: Request) => void tell(onError ?? logged, error, request),
  };

  async function identity(request: Request): Promise<ScriptReply> {
    try {
      return await chatwoot.respond(request, contact);
    } catch (error) {
      if (onError) void tell(onError, error, request);
      throw error;
    }
  }

  return {
    reply(request, pathname) {
      if (pathname === path) return identity(request);
      if (!file || !pathname.startsWith(folder)) return undefined;
      const reply = file.reply(request, pathname.slice(folder.length));
      return reply && Promise.resolve(reply);
    },
    ...(context && { openPage: (request, mount) => createPage(context, request, mount) }),
  };
}

function logged(error: unknown): void {
  console.error('chatwoot-identity: a page was served without a chat.', error);
}

/** An `onError` that fails itself, sooner or later, must not take a page down with it. */
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

/** `app.use(chatwootIdentity)` hands a request where the options belong. */
function checkCalled(options: object): void {
  if (typeof options !== 'object' || options === null || !('headers' in options)) return;
  throw new TypeError('Call chatwootIdentity: app.use(chatwootIdentity({ inbox, contact })).');
}

/**
 * Refuses a `contact` that is not a function.
 *
 * @throws {TypeError} showing how to write one
 */
export function checkContact(contact: unknown): void {
  if (typeof contact === 'function') return;
  throw new TypeError(
    'contact must be a function that takes the signed-in user from the request, for example ' +
      'contact: (req) => req.session.user && { identifier: req.session.user.id, name: req.session.user.name }.',
  );
}

function checkPath(path: unknown): void {
  if (typeof path === 'string' && /^(?:\/[\w\-.~]+)+$/.test(path)) return;
  throw new TypeError('path must be an absolute path of plain segments, for example "/chatwoot/identity".');
}
