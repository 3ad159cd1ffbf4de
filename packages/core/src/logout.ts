import { header, type RequestLike } from './request.js';

/** `Symbol.for`, because an app may load this package twice, as ESM and as CommonJS. */
const LOGGED_OUT: unique symbol = Symbol.for('chatwoot-identity.logged-out') as never;

/**
 * Ends the chat's session in this response and makes the rest of it anonymous: `contact` is not called again, since it
 * would read a session that the app is about to destroy.
 *
 * @param request the request of the logout route
 * @param hostname the host that the browser requested, without a port
 * @returns the `Set-Cookie` values, see {@link logoutCookies}
 */
export function logOut(request: RequestLike, hostname: string): string[] {
  (request as { [LOGGED_OUT]?: true })[LOGGED_OUT] = true;
  return logoutCookies(request, hostname);
}

/** True if {@link logOut} was called for this request. */
export function hasLoggedOut(request: RequestLike): boolean {
  return (request as { [LOGGED_OUT]?: true } | undefined)?.[LOGGED_OUT] === true;
}

/**
 * The `Set-Cookie` values that end the widget's session in this browser: `cw_conversation`, whose token opens the
 * conversations, and each `cw_user_<website token>` that the request carries, which makes the SDK skip the next
 * `setUser` (chatwoot/chatwoot#1664, #7065). The SDK sets both without HttpOnly on the site's own host, so the server
 * can expire them, even in a redirect.
 *
 * Each cookie is expired several times: as a host-only cookie, for the host and for its parent domains. The SDK's setting
 * `baseDomain` sets the cookies for such a domain, and its `reset()` does not remove them there (chatwoot/chatwoot#3870).
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
 * Without these limits, a request of 9 KB with hundreds of such cookies and a host of a hundred labels would be
 * answered with 19 MB of headers. A site has one inbox or a few; the next logout expires the rest.
 */
const MOST_USERS = 5;
const MOST_DOMAINS = 8;

/** The names of the `cw_user_<website token>` cookies that a request carries. */
export function userCookies(request: RequestLike): string[] {
  const cookies = header(request, 'cookie') ?? '';
  const names = Array.from(cookies.matchAll(/(?:^|;)\s*(cw_user_[\w-]+)=/g), (match) => match[1]!);
  return [...new Set(names)].slice(0, MOST_USERS);
}

/** `shop.example.com` and `example.com`; none for an IP address or a single label, for which browsers refuse a Domain. */
function domainsOf(hostname: string): string[] {
  if (hostname.length > 253 || !/^(?=.*[a-z])[a-z\d-]+(?:\.[a-z\d-]+)+$/i.test(hostname)) return [];
  const labels = hostname.split('.').slice(-MOST_DOMAINS - 1);
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}
