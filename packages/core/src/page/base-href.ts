import { header, type RequestLike } from '../request.js';

/** A `<base>` tag with an address that begins with a host. One tag is 1,000 characters long at most. */
const BASE = /<base\s[^<>]{0,1000}/gi;
const OTHER_HOST = /\shref\s*=\s*(?:["']\s*)?(?:[a-z][a-z\d+.-]*:)?[/\\]{2}/i;

/** True if a document's `<base href>` leads addresses that begin with `/` to another host. */
export function hasBaseOnOtherHost(beginning: Buffer): boolean {
  if (!beginning.includes('<base') && !beginning.includes('<BASE')) return false;
  return (
    beginning
      .toString('latin1')
      .match(BASE)
      ?.some((tag) => OTHER_HOST.test(tag)) ?? false
  );
}

/**
 * The host that the browser asked, with its port. Not the one that a proxy names in `X-Forwarded-Host`: shared caches do not
 * tell pages apart by that header, and its sender would choose where the script comes from.
 *
 * @returns undefined if it is not a plain host name
 */
export function hostOf(request: RequestLike): string | undefined {
  const host = header(request, ':authority') ?? header(request, 'host') ?? '';
  return /^(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i.test(host) ? host : undefined;
}
