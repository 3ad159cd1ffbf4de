import { canRunPageScript } from './content-security-policy.js';
import type { PendingResponse } from './response-headers.js';

/** Excludes UTF-16 and UTF-32: they are not compatible with ASCII, and the markup is ASCII. */
const HTML = /^\s*text\/html\s*(?:;(?!.*charset\s*=\s*"?utf-?(?:16|32))|$)/i;

/** True if a response has the type and the status of an HTML document. */
export function isHtml({ status, headers }: PendingResponse): boolean {
  if (status < 200 || (status >= 300 && status < 400)) return false;
  if (status === 204 || status === 205 || status === 206) return false;
  return HTML.test(headers.get('content-type') ?? '');
}

/** The encoding of a body that was compressed before it reached us, so that nothing can be added to it. */
export function contentEncoding({ headers }: PendingResponse): string | undefined {
  const encoding = headers.get('content-encoding')?.trim();
  return encoding && !/^identity$/i.test(encoding) ? encoding : undefined;
}

/** True if the browser renders the HTML, its headers permit changes to it, and its policy lets the page script run. */
export function takesMarkup({ headers }: PendingResponse): boolean {
  return (
    !/^\s*attachment/i.test(headers.get('content-disposition') ?? '') &&
    !/(?:^|,)\s*no-transform\s*(?:,|$)/i.test(headers.get('cache-control') ?? '') &&
    canRunPageScript(headers.get('content-security-policy'))
  );
}
