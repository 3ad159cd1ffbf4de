import { gzipSync } from 'node:zlib';
import { PLAIN } from '../support/markup.js';

/**
 * The injection table: responses of an app, in terms that every framework has, and the expected result. The test
 * compares with the response of the same app without the middleware.
 */
export interface InjectionCase {
  name: string;
  request?: { method?: string; headers?: Record<string, string> };
  status?: number;
  headers?: Record<string, string>;
  /** An array is streamed, chunk by chunk. */
  body: string | Buffer | readonly (string | Buffer)[];
  /**
   * - `injected`: the markup is before the document's closing tags, or at the end; with the identity if `inline`
   * - `asking`: the same, but never with the identity
   * - `untouched`: status, headers and bytes are those of the app alone
   * - `headers`: a page without a body: only the headers change
   */
  expect: 'injected' | 'asking' | 'untouched' | 'headers';
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

function untouched(
  name: string,
  body: InjectionCase['body'],
  more: Partial<InjectionCase> = {},
): InjectionCase {
  return { name, headers: html, body, expect: 'untouched', ...more };
}

/** A text as chunks of one byte. */
function bytes(text: string): Buffer[] {
  return Array.from(Buffer.from(text), (byte) => Buffer.of(byte));
}

export const injectionCases: readonly InjectionCase[] = [
  injected('a plain page', PLAIN),
  injected('a page as bytes', Buffer.from(PLAIN)),
  injected('a page in one chunk', [PLAIN]),
  injected('a page byte by byte: </body> and UTF-8 split everywhere', bytes(UTF8)),
  ...Array.from({ length: '</body>\n</html>\n'.length + 2 }, (_, index) => {
    const at = PLAIN.replace('</body></html>', '</body>\n</html>').length - index;
    const text = PLAIN.replace('</body></html>', '</body>\n</html>');
    return injected(`</body> split ${index} bytes before the end`, [text.slice(0, at), text.slice(at)]);
  }),
  injected(
    'upper case',
    PLAIN.replace('</body></html>', '</BODY>\r\n</HTML>\r\n').replace('<!doctype', '<!DOCTYPE'),
  ),
  injected('white space within the closing tags', PLAIN.replace('</body></html>', '</body >\n</html\t>\n')),
  injected('no </html>', PLAIN.replace('</html>', '')),
  injected('no body tag', '<!doctype html><title>T</title><p>Hello'),
  injected('no doctype', PLAIN.replace('<!doctype html>', '')),
  injected('BOM, white space and comments first', `\ufeff\n<!-- a --><!-->\n <!-- <p> -->${PLAIN}`),
  injected('an XML declaration first', `<?xml version="1.0"?>\n${PLAIN}`),
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
  injected('many closings', PLAIN.replace('</body>', '</body></body></body>')),
  injected('a kilobyte of white space at the end', `${PLAIN}${' '.repeat(2000)}`),
  injected('a large page', PLAIN.replace('Hello', 'Hello '.repeat(200_000))),
  injected('an error page', PLAIN, { status: 404 }),
  injected('a failure page', PLAIN, { status: 500 }),
  injected('an answer to a form', PLAIN, { request: { method: 'POST' } }),
  injected('latin1', Buffer.from(PLAIN.replace('Hello', 'caf\u00e9'), 'latin1'), {
    headers: { 'content-type': 'text/html; charset=iso-8859-1' },
  }),
  injected('content-encoding: identity', PLAIN, { headers: { ...html, 'content-encoding': 'identity' } }),
  injected('everything that lets a cache keep it', PLAIN, {
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
  injected("another user's validators", PLAIN, {
    headers: { ...html, etag: '"app"', 'last-modified': 'Sat, 21 Nov 2026 10:00:00 GMT' },
    request: { headers: { 'if-none-match': '"app"', 'if-modified-since': 'Sat, 21 Nov 2026 10:00:00 GMT' } },
  }),

  untouched('empty', ''),
  untouched('a fragment', '<div hx-swap-oob="true">Hello</div></body></html>'),
  untouched('a fragment in chunks', ['<div>', 'Hello</div></body>', '</html>']),
  untouched('a fragment that begins with a comment', '<!-- part --><li>One</li>'),
  untouched('text in an HTML type', 'Hello </body></html>'),
  untouched('<htmlx>', '<htmlx></body></html>'),
  untouched('JSON', JSON.stringify({ html: PLAIN }), { headers: { 'content-type': 'application/json' } }),
  untouched('plain text', PLAIN, { headers: { 'content-type': 'text/plain' } }),
  untouched('XHTML', PLAIN, { headers: { 'content-type': 'application/xhtml+xml' } }),
  untouched('binary', Buffer.from(Array.from({ length: 4096 }, (_, index) => index % 256)), {
    headers: { 'content-type': 'application/octet-stream' },
    request: { headers: { accept: 'text/html,*/*' } },
  }),
  untouched('a download', PLAIN, {
    headers: { ...html, 'content-disposition': 'attachment; filename="page.html"' },
  }),
  untouched('gzip already on', gzipSync(PLAIN), { headers: { ...html, 'content-encoding': 'gzip' } }),
  untouched('UTF-16', Buffer.from(PLAIN, 'utf16le'), {
    headers: { 'content-type': 'text/html; charset=utf-16le' },
  }),
  untouched('no-transform', PLAIN, { headers: { ...html, 'cache-control': 'public, no-transform' } }),
  untouched('server-sent events', ['data: </body>\n\n', 'data: 2\n\n'], {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' },
  }),
  untouched('206', PLAIN.slice(0, 20), {
    status: 206,
    headers: { ...html, 'content-range': 'bytes 0-19/100' },
  }),
  untouched('204', '', { status: 204, headers: {} }),
  untouched('a redirect', '<!doctype html><p>Moved</p>', {
    status: 302,
    headers: { ...html, location: '/next' },
  }),
  // The response alone decides whether it is a page. A request header must not remove the chat from a shared cache.
  ...Object.entries({
    'a script request': { accept: '*/*', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' },
    'a client that accepts JSON only': {
      accept: 'application/json',
      'sec-fetch-mode': 'cors',
      'sec-fetch-dest': 'empty',
    },
    'an iframe': { 'sec-fetch-dest': 'iframe' },
    'a prefetch': { 'sec-purpose': 'prefetch' },
    'a prerender': { 'sec-purpose': 'prefetch;prerender' },
  }).map(
    ([name, headers]): InjectionCase => ({
      name,
      headers: html,
      body: PLAIN,
      request: { headers },
      expect: 'asking',
    }),
  ),
  untouched('a page whose policy runs no script', PLAIN, {
    headers: { ...html, 'content-security-policy': "default-src 'none'" },
  }),
  untouched('a page in a sandbox', PLAIN, {
    headers: { ...html, 'content-security-policy': 'sandbox allow-scripts' },
  }),
  {
    name: 'a page in a sandbox that keeps its origin',
    headers: { ...html, 'content-security-policy': 'sandbox allow-scripts allow-same-origin' },
    body: PLAIN,
    expect: 'asking',
  },

  { name: 'HEAD', headers: html, body: PLAIN, request: { method: 'HEAD' }, expect: 'headers' },
];

/** Headers that the server itself adds. */
const MACHINERY = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length']);

export function headersOfTheApp(headers: NodeJS.Dict<string | string[]>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !MACHINERY.has(name)));
}

/** The position where markup belongs: an independent implementation over the whole page. */
export function placeOf(page: Buffer): number {
  const text = page.toString('latin1');
  const ending =
    /<\/body[\t\n\f\r ]*>[\t\n\f\r ]*(?:<\/html[\t\n\f\r ]*>[\t\n\f\r ]*)?$/i.exec(text)?.[0] ?? '';
  return text.length - (ending.length > 1024 ? 0 : ending.length);
}
