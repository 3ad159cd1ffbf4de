import { gzipSync } from 'node:zlib';
import { PLAIN } from '../support/markup.js';

/**
 * One case of the injection table: a response of an app, independent of the framework, and the expected result. The
 * test compares the result with the response of the same app without the middleware.
 */
export interface InjectionCase {
  name: string;
  request?: { method?: string; headers?: Record<string, string> };
  status?: number;
  headers?: Record<string, string>;
  /** The app streams an array chunk by chunk. */
  body: string | Buffer | readonly (string | Buffer)[];
  /**
   * - `injected`: the markup is before the closing tags or at the end, and contains the identity with `inline`
   * - `injected without identity`: the same, but the markup never contains the identity
   * - `unchanged`: the status, headers and bytes are the same as without the middleware
   * - `headers only`: only the headers change, because the response has no body
   */
  expect: 'injected' | 'injected without identity' | 'unchanged' | 'headers only';
}

const html = { 'content-type': 'text/html; charset=utf-8' };
const UTF8 =
  '<!doctype html><html><body><p>h\u00e9llo \u65e5\u672c \u{1f469}\u200d\u{1f680}</p></body></html>';

function injected(
  name: string,
  body: InjectionCase['body'],
  more: Partial<InjectionCase> = {},
): InjectionCase {
  return { name, headers: html, body, expect: 'injected', ...more };
}

function unchanged(
  name: string,
  body: InjectionCase['body'],
  more: Partial<InjectionCase> = {},
): InjectionCase {
  return { name, headers: html, body, expect: 'unchanged', ...more };
}

/** Splits a text into chunks of one byte. */
function bytes(text: string): Buffer[] {
  return Array.from(Buffer.from(text), (byte) => Buffer.of(byte));
}

export const injectionCases: readonly InjectionCase[] = [
  injected('a plain page', PLAIN),
  injected('a page as bytes', Buffer.from(PLAIN)),
  injected('a page in one chunk', [PLAIN]),
  injected('a page in chunks of one byte', bytes(UTF8)),
  ...Array.from({ length: '</body>\n</html>\n'.length + 2 }, (_, index) => {
    const at = PLAIN.replace('</body></html>', '</body>\n</html>').length - index;
    const text = PLAIN.replace('</body></html>', '</body>\n</html>');
    return injected(`a page split ${index} bytes before the end`, [text.slice(0, at), text.slice(at)]);
  }),
  injected(
    'closing tags in upper case',
    PLAIN.replace('</body></html>', '</BODY>\r\n</HTML>\r\n').replace('<!doctype', '<!DOCTYPE'),
  ),
  injected('white space within the closing tags', PLAIN.replace('</body></html>', '</body >\n</html\t>\n')),
  injected('a page without </html>', PLAIN.replace('</html>', '')),
  injected('a page without body tags', '<!doctype html><title>T</title><p>Hello'),
  injected('a page without a doctype', PLAIN.replace('<!doctype html>', '')),
  injected(
    'a page that starts with a BOM, white space and comments',
    `\ufeff\n<!-- a --><!-->\n <!-- <p> -->${PLAIN}`,
  ),
  injected('a page that starts with an XML declaration', `<?xml version="1.0"?>\n${PLAIN}`),
  injected(
    '</body> in a script string',
    PLAIN.replace('<h1>', '<script>const s = "</body></html>"</script><h1>'),
  ),
  injected('</body> in a comment', PLAIN.replace('<h1>', '<!-- </body> --><h1>')),
  injected('a comment after </html>', `${PLAIN}<!-- served by </body> -->`),
  injected('a script after </body>', PLAIN.replace('</html>', '<script>"</body>"</script></html>')),
  injected(
    'replacement patterns ($&) in the page',
    PLAIN.replace('Hello', "$& $1 $` $'".replaceAll('$', '$$$$')),
  ),
  injected('several </body> tags', PLAIN.replace('</body>', '</body></body></body>')),
  injected('two kilobytes of white space at the end', `${PLAIN}${' '.repeat(2000)}`),
  injected('a large page', PLAIN.replace('Hello', 'Hello '.repeat(200_000))),
  injected('an error page with status 404', PLAIN, { status: 404 }),
  injected('an error page with status 500', PLAIN, { status: 500 }),
  injected('a response to a POST request', PLAIN, { request: { method: 'POST' } }),
  injected('a page in Latin-1', Buffer.from(PLAIN.replace('Hello', 'caf\u00e9'), 'latin1'), {
    headers: { 'content-type': 'text/html; charset=iso-8859-1' },
  }),
  injected('a page with content-encoding: identity', PLAIN, {
    headers: { ...html, 'content-encoding': 'identity' },
  }),
  injected('a page with all headers that let a cache store it', PLAIN, {
    headers: {
      ...html,
      'cache-control': 'public, max-age=600, s-maxage=600',
      etag: '"app"',
      'last-modified': 'Sat, 21 Nov 2026 10:00:00 GMT',
      expires: 'Sat, 21 Nov 2099 10:00:00 GMT',
      'surrogate-control': 'max-age=600',
      'cdn-cache-control': 'max-age=600',
      'akamai-cache-control': 'max-age=600',
      'x-litespeed-cache-control': 'public, max-age=600',
      'x-accel-expires': '600',
      'accept-ranges': 'bytes',
      'content-md5': 'Q2hlY2sgSW50ZWdyaXR5IQ==',
    },
  }),
  injected("a request with another user's validators", PLAIN, {
    headers: { ...html, etag: '"app"', 'last-modified': 'Sat, 21 Nov 2026 10:00:00 GMT' },
    request: { headers: { 'if-none-match': '"app"', 'if-modified-since': 'Sat, 21 Nov 2026 10:00:00 GMT' } },
  }),

  unchanged('an empty body', ''),
  unchanged('a fragment', '<div hx-swap-oob="true">Hello</div></body></html>'),
  unchanged('a fragment in chunks', ['<div>', 'Hello</div></body>', '</html>']),
  unchanged('a fragment that starts with a comment', '<!-- part --><li>One</li>'),
  unchanged('text with the content type text/html', 'Hello </body></html>'),
  unchanged('a fragment that starts with <htmlx>', '<htmlx></body></html>'),
  unchanged('JSON', JSON.stringify({ html: PLAIN }), { headers: { 'content-type': 'application/json' } }),
  unchanged('plain text', PLAIN, { headers: { 'content-type': 'text/plain' } }),
  unchanged('XHTML', PLAIN, { headers: { 'content-type': 'application/xhtml+xml' } }),
  unchanged('binary data', Buffer.from(Array.from({ length: 4096 }, (_, index) => index % 256)), {
    headers: { 'content-type': 'application/octet-stream' },
    request: { headers: { accept: 'text/html,*/*' } },
  }),
  unchanged('a download', PLAIN, {
    headers: { ...html, 'content-disposition': 'attachment; filename="page.html"' },
  }),
  unchanged('a page that is already compressed with gzip', gzipSync(PLAIN), {
    headers: { ...html, 'content-encoding': 'gzip' },
  }),
  unchanged('a page in UTF-16', Buffer.from(PLAIN, 'utf16le'), {
    headers: { 'content-type': 'text/html; charset=utf-16le' },
  }),
  unchanged('a page with Cache-Control: no-transform', PLAIN, {
    headers: { ...html, 'cache-control': 'public, no-transform' },
  }),
  unchanged('server-sent events', ['data: </body>\n\n', 'data: 2\n\n'], {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' },
  }),
  unchanged('a partial response with status 206', PLAIN.slice(0, 20), {
    status: 206,
    headers: { ...html, 'content-range': 'bytes 0-19/100' },
  }),
  unchanged('a response with status 204', '', { status: 204, headers: {} }),
  unchanged('a redirect', '<!doctype html><p>Moved</p>', {
    status: 302,
    headers: { ...html, location: '/next' },
  }),
  // Only the response determines whether it is a page. If request headers did, a shared cache could store a page
  // without the chat.
  ...Object.entries({
    'a page requested by a script element': {
      accept: '*/*',
      'sec-fetch-mode': 'no-cors',
      'sec-fetch-dest': 'script',
    },
    'a page requested by a client that accepts only JSON': {
      accept: 'application/json',
      'sec-fetch-mode': 'cors',
      'sec-fetch-dest': 'empty',
    },
    'a page in an iframe': { 'sec-fetch-dest': 'iframe' },
    'a prefetched page': { 'sec-purpose': 'prefetch' },
    'a prerendered page': { 'sec-purpose': 'prefetch;prerender' },
  }).map(
    ([name, headers]): InjectionCase => ({
      name,
      headers: html,
      body: PLAIN,
      request: { headers },
      expect: 'injected without identity',
    }),
  ),
  unchanged('a page with a policy that allows no scripts', PLAIN, {
    headers: { ...html, 'content-security-policy': "default-src 'none'" },
  }),
  unchanged('a page with the policy sandbox', PLAIN, {
    headers: { ...html, 'content-security-policy': 'sandbox allow-scripts' },
  }),
  {
    name: 'a page with the policy sandbox and allow-same-origin',
    headers: { ...html, 'content-security-policy': 'sandbox allow-scripts allow-same-origin' },
    body: PLAIN,
    expect: 'injected without identity',
  },

  { name: 'a HEAD request', headers: html, body: PLAIN, request: { method: 'HEAD' }, expect: 'headers only' },
];

/** The headers that the HTTP server adds, and not the app. */
const MACHINERY = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length']);

export function headersOfTheApp(headers: NodeJS.Dict<string | string[]>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !MACHINERY.has(name)));
}

/** Returns the position for the markup in a whole page. The tests compare the result with the package's position. */
export function placeOf(page: Buffer): number {
  const text = page.toString('latin1');
  const ending =
    /<\/body[\t\n\f\r ]*>[\t\n\f\r ]*(?:<\/html[\t\n\f\r ]*>[\t\n\f\r ]*)?$/i.exec(text)?.[0] ?? '';
  return text.length - (ending.length > 1024 ? 0 : ending.length);
}
