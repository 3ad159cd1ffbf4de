import { canRunPageScript } from './content-security-policy.js';
import type { PendingResponse } from './response-headers.js';

/**
 * Matches the content type of HTML in an ASCII-compatible encoding. Excludes UTF-16 and UTF-32, because the
 * markup is ASCII.
 */
const HTML = /^\s*text\/html\s*(?:;(?!.*charset\s*=\s*"?utf-?(?:16|32))|$)/i;

/** Returns true if a response has the content type and the status of an HTML document. */
export function isHtml({ status, headers }: PendingResponse): boolean {
  if (status < 200 || (status >= 300 && status < 400)) return false;
  if (status === 204 || status === 205 || status === 206) return false;
  return HTML.test(headers.get('content-type') ?? '');
}

/**
 * Returns the encoding of a body that is already compressed, so that nothing can be added to it. Returns
 * undefined if the body is not compressed.
 */
export function contentEncoding({ headers }: PendingResponse): string | undefined {
  const encoding = headers.get('content-encoding')?.trim();
  return encoding && !/^identity$/i.test(encoding) ? encoding : undefined;
}

/**
 * Returns true if markup may be added to an HTML response: the browser renders the response, its headers
 * permit changes, and its Content-Security-Policy lets the page script run.
 */
export function takesMarkup({ headers }: PendingResponse): boolean {
  return (
    !/^\s*attachment/i.test(headers.get('content-disposition') ?? '') &&
    !/(?:^|,)\s*no-transform\s*(?:,|$)/i.test(headers.get('cache-control') ?? '') &&
    canRunPageScript(headers.get('content-security-policy'))
  );
}
