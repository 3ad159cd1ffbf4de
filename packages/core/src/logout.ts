import { type AdapterRequest, header, type RequestLike } from './request.js';

/**
 * This symbol is created with `Symbol.for`, because an app may load two copies of this package: as ESM and as
 * CommonJS.
 */
const LOGGED_OUT: unique symbol = Symbol.for('chatwoot-identity.logged-out') as never;

/**
 * Ends the chat session of this browser. For the rest of the request, the visitor counts as anonymous.
 * `contact` is not called again, because it would read an app session that is about to be destroyed.
 *
 * @param request the request of the logout route
 * @param hostname the host that the browser requested, without a port
 * @returns the `Set-Cookie` values, see {@link logoutCookies}
 */
export function logOut(request: RequestLike, hostname: string): string[] {
  (request as { [LOGGED_OUT]?: true })[LOGGED_OUT] = true;
  return logoutCookies(request, hostname);
}

/**
 * Returns true if {@link logOut} was called for this request, or for a request object that the app received
 * instead of it.
 */
export function hasLoggedOut(request: AdapterRequest | undefined): boolean {
  if (request?.received) return request.received.some(hasLoggedOut);
  return (request as { [LOGGED_OUT]?: true } | undefined)?.[LOGGED_OUT] === true;
}

/**
 * Returns the `Set-Cookie` values that end the widget's session in this browser. The values expire
 * `cw_conversation`, whose token opens the visitor's conversations, and each `cw_user_<website token>` cookie
 * of the request. A `cw_user_` cookie makes the SDK skip the next `setUser` (chatwoot/chatwoot#1664, #7065).
 * The SDK sets these cookies without HttpOnly on the site's own host, so the server can expire them, even in
 * a redirect.
 *
 * Expires each cookie several times: as a host-only cookie, for the host, and for each parent domain. With
 * the setting `baseDomain`, the SDK sets the cookies for a parent domain, and the SDK's `reset()` does not
 * remove them there (chatwoot/chatwoot#3870).
 *
 * @param request the request whose cookies are expired
 * @param hostname the host that the browser requested, without a port
 * @returns the values of the `Set-Cookie` headers
 * @example
 * response.setHeader('Set-Cookie', logoutCookies(request, 'shop.example.com'));
 */
export function logoutCookies(request: RequestLike, hostname: string): string[] {
  const domains = ['', ...domainsOf(hostname).map((domain) => ` Domain=${domain};`)];
  return ['cw_conversation', ...userCookies(request)].flatMap((name) =>
    domains.map(
      (domain) => `${name}=;${domain} Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; SameSite=Lax`,
    ),
  );
}

/**
 * The maximum numbers of users and domains for which cookies are expired. Without a maximum, a request of 9
 * KB with hundreds of `cw_user_` cookies and a host of a hundred labels would cause 19 MB of response
 * headers. A site has only a few inboxes, and the next logout expires the cookies that remain.
 */
const MOST_USERS = 5;
const MOST_DOMAINS = 8;

/** Returns the names of the `cw_user_<website token>` cookies that a request carries, at most five. */
export function userCookies(request: RequestLike): string[] {
  const cookies = header(request, 'cookie') ?? '';
  const names = Array.from(cookies.matchAll(/(?:^|;)\s*(cw_user_[\w-]+)=/g), (match) => match[1]!);
  return [...new Set(names)].slice(0, MOST_USERS);
}

/**
 * Returns the domains for which a host can set cookies: `shop.example.com` and `example.com` for the host
 * `shop.example.com`. Returns none for an IP address or a single label, because browsers reject them as a
 * `Domain`.
 */
function domainsOf(hostname: string): string[] {
  if (hostname.length > 253 || !/^(?=.*[a-z])[a-z\d-]+(?:\.[a-z\d-]+)+$/i.test(hostname)) return [];
  const labels = hostname.split('.').slice(-MOST_DOMAINS - 1);
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}
