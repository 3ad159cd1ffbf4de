import type { AdapterRequest } from '../request.js';
import { header } from '../request.js';

/** `<base>` belongs at the beginning of `<head>`, because it counts only for the addresses after it. */
const HEAD_LENGTH = 4096;

const OTHER_HOST = /<base\s[^>]*?href\s*=\s*["']?\s*(?:[a-z][a-z\d+.-]*:)?[/\\]{2}/i;

/** True if a document's `<base href>` leads addresses that begin with `/` to another host. */
export function hasBaseOnOtherHost(firstBytes: Buffer): boolean {
  const html = firstBytes.subarray(0, HEAD_LENGTH);
  return (html.includes('<base') || html.includes('<BASE')) && OTHER_HOST.test(html.toString('latin1'));
}

/**
 * The host that the browser asked, with its port. `hostname` is the framework's, which knows which proxies to trust.
 *
 * @returns undefined if it is not a plain host name
 */
export function hostOf(request: AdapterRequest): string | undefined {
  const asked = header(request, 'host') ?? '';
  const { hostname = '' } = request;
  const host = hostname === '' || asked.replace(/:\d+$/, '') === hostname ? asked : hostname;
  return /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?$/i.test(host) ? host : undefined;
}
