import { readCookie } from './cookie.js';
import { JwtSessionError } from './error.js';

/**
 * The parts of a request that a reader needs. The `req` of Express and the Pages API, Koa's `ctx`, a web `Request` and
 * `{ headers: await headers() }` can be passed as they are.
 */
export interface RequestLike {
  /** The request headers: Node's record with lower-case names, or an object with the `get()` of a web `Headers`. */
  readonly headers:
    | { get(name: string): string | null }
    | Readonly<Record<string, string | string[] | undefined>>;
}

/** Where to find the token: the names of a header (in lower case) and of a cookie. */
export interface TokenPlace {
  readonly header: string | undefined;
  readonly cookie: string | undefined;
}

/**
 * Finds the token of a request. The header comes first, because clients set it deliberately, while browsers send cookies
 * automatically. Only the first token that is found counts: a valid cookie does not replace an invalid header.
 *
 * @throws {JwtSessionError} `request_invalid`
 */
export function readToken(request: RequestLike, { header, cookie }: TokenPlace): string | undefined {
  const fromHeader = header && headerToken(readHeader(request, header), header);
  if (fromHeader) return fromHeader;
  const cookies = cookie && readHeader(request, 'cookie', '; ');
  return cookies ? readCookie(cookies, cookie) : undefined;
}

// `Authorization` may contain another scheme, such as Basic in front of a staging site. Any other header is the app's own
// choice and usually contains the token without a scheme (Cf-Access-Jwt-Assertion, X-Forwarded-Access-Token).
function headerToken(value: string | undefined, header: string): string | undefined {
  const scheme = value?.match(/^bearer +/i)?.[0];
  if (scheme) return value?.slice(scheme.length);
  return header === 'authorization' ? undefined : value;
}

// Repeated headers are joined as `fetch` joins them. So two Authorization headers are not a valid token.
function readHeader(request: RequestLike, name: string, separator = ', '): string | undefined {
  const headers = request?.headers;
  if (!headers || typeof headers !== 'object' || typeof (headers as { then?: unknown }).then === 'function') {
    throw new JwtSessionError(
      'request_invalid',
      'A session reader needs a request with headers: pass the Express req, the Koa ctx, the web Request or, in a Next.js server component, { headers: await headers() }.',
    );
  }
  const value: unknown = hasGet(headers) ? headers.get(name) : headers[name];
  const parts = [value].flat().filter((part) => typeof part === 'string');
  return parts.length > 0 ? parts.join(separator) : undefined;
}

// A client may send a header named "get", which is a string.
function hasGet(headers: RequestLike['headers']): headers is { get(name: string): string | null } {
  return typeof headers.get === 'function';
}
