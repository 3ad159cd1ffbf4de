import { ChatwootIdentityError } from '../error.js';
import { misspelling } from '../options.js';
import { prepareKey, type Sign, sign } from './hmac.js';
import { isPromise } from './promise.js';
import { problemWithHmacToken, problemWithToken, WHERE } from './token.js';

/**
 * A Chatwoot website inbox, with the values that its Settings > Configuration page shows. The types include
 * `undefined` so that `process.env.X` can be passed, but an undefined value is refused when the inbox is
 * checked.
 */
export interface Inbox {
  /** The secret token that signs identifiers and never leaves the server. */
  hmacToken: string | undefined;
  /** The public token of the website inbox. */
  websiteToken: string | undefined;
  /**
   * The address of Chatwoot, for example `https://app.chatwoot.com`. Trailing slashes are removed, because the SDK
   * would otherwise request `//widget`.
   */
  baseUrl: string | undefined;
}

/** An inbox whose values have been checked. */
type UsableInbox = { [name in keyof Inbox]: string };

/**
 * An inbox, or a function that returns the inbox for a request. Use an inbox function for several tenants or
 * brands, and for tokens that are rotated.
 */
export type InboxOption<Request> = Inbox | ((request: Request) => Inbox | Promise<Inbox>);

/**
 * A checked inbox. The HMAC token is inside a closure, so that printing the inbox does not reveal the token.
 */
export interface PreparedInbox {
  readonly websiteToken: string;
  readonly baseUrl: string;
  /** Signs a checked identifier. */
  readonly sign: Sign;
}

/**
 * Compiles the `inbox` option. Checks an inbox immediately if it is given as a value. Calls an inbox function
 * for every request, so that a rotated token is used from the next request on. Chatwoot never accepts two
 * tokens at once (chatwoot/chatwoot#15715).
 *
 * @throws {TypeError} if the option is unusable, or if the inbox is given as a value and is unusable
 */
export function compileInbox<Request>(
  option: InboxOption<Request>,
): (request: Request) => PreparedInbox | Promise<PreparedInbox> {
  if (typeof option === 'function') {
    return (request) => {
      const inbox = option(request);
      return isPromise(inbox) ? Promise.resolve(inbox).then(found) : found(inbox);
    };
  }
  const problem = problemWith(option);
  if (problem) throw new TypeError(problem);
  const inbox = option as UsableInbox;
  const prepared = prepare(inbox, prepareKey(inbox.hmacToken));
  return () => prepared;
}

function found(inbox: Inbox): PreparedInbox {
  const problem = problemWith(inbox);
  if (problem)
    throw new ChatwootIdentityError(
      'inbox_invalid',
      `The inbox function returned no usable inbox: ${problem}`,
    );
  const usable = inbox as UsableInbox;
  return prepare(usable, (identifier) => sign(usable.hmacToken, identifier));
}

function prepare({ websiteToken, baseUrl }: UsableInbox, sign: Sign): PreparedInbox {
  return { websiteToken, baseUrl: baseUrl.replace(/\/+$/, ''), sign };
}

function problemWith(inbox: unknown): string | undefined {
  if (typeof inbox !== 'object' || inbox === null) {
    return `inbox must be { hmacToken, websiteToken, baseUrl } or a function that returns it. ${WHERE}.`;
  }
  const { hmacToken, websiteToken, baseUrl } = inbox as Record<keyof Inbox, unknown>;
  const problem =
    misspelling('inbox', inbox, ['hmacToken', 'websiteToken', 'baseUrl']) ??
    problemWithHmacToken('inbox.hmacToken', hmacToken) ??
    problemWithToken('inbox.websiteToken', websiteToken, WHERE);
  if (problem) return problem;
  if (hmacToken === websiteToken) {
    return `inbox.hmacToken equals inbox.websiteToken, which is public: anyone could sign identifiers. ${WHERE} > Identity Validation.`;
  }
  return problemWithBaseUrl(baseUrl);
}

function problemWithBaseUrl(baseUrl: unknown): string | undefined {
  const url =
    typeof baseUrl === 'string' && URL.canParse(baseUrl) && baseUrl === baseUrl.trim() && new URL(baseUrl);
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash)
    return undefined;
  return 'inbox.baseUrl must be the http(s) address of Chatwoot without credentials, query or fragment, for example "https://app.chatwoot.com".';
}
