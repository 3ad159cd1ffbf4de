import { header, type RequestLike } from '../request.js';

/**
 * The `Set-Cookie` values that end the widget's session in this browser: `cw_conversation`, whose token opens
 * the conversations, and each `cw_user_<website token>` that the request carries, which makes the SDK skip the
 * next `setUser` (chatwoot/chatwoot#1664, #7065). The SDK sets both without HttpOnly on the site's own host, so
 * the server can expire them, also in a redirect.
 *
 * Each is expired host-only and for every domain above the host, since `baseDomain` in the SDK's settings puts
 * one there and the SDK's own `reset()` then leaves it behind (chatwoot/chatwoot#3870).
 *
 * @param request whose cookies are to go
 * @param hostname the host the browser asked, without a port
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
 * A request of 9 KB with hundreds of such cookies and a host of a hundred labels would else be answered with 19 MB
 * of headers. A site has one inbox or a few, and what is left over goes with the next page.
 */
const MOST_USERS = 5;
const MOST_DOMAINS = 8;

/** The names of the SDK's marks of an identified user that a request carries. */
export function userCookies(request: RequestLike): string[] {
  const cookies = header(request, 'cookie') ?? '';
  const names = Array.from(cookies.matchAll(/(?:^|;)\s*(cw_user_[\w-]+)=/g), (match) => match[1]!);
  return [...new Set(names)].slice(0, MOST_USERS);
}

/** `shop.example.com` and `example.com`; nothing for an address or a single label, where cookies take no Domain. */
function domainsOf(hostname: string): string[] {
  if (!/^(?=.*[a-z])[a-z\d-]+(?:\.[a-z\d-]+)+$/i.test(hostname)) return [];
  const labels = hostname.split('.');
  const domains = labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
  return domains.slice(-MOST_DOMAINS);
}
