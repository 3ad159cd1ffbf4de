import { readCookie } from './cookie.js';
import { JwtSessionError } from './error.js';

/**
 * The part of a request that a session reader needs. Pass the `req` of Express or of a Next.js API route, Koa's
 * `ctx`, a web `Request` or, in a Next.js server component, `{ headers: await headers() }`.
 */
export interface RequestLike {
  /**
   * The request headers: an object with lower-case names, as in Node, or an object with a `get()` method, such as
   * `Headers`.
   */
  readonly headers:
    | { get(name: string): string | null }
    | Readonly<Record<string, string | string[] | undefined>>;
}

/** The names of the header (in lower case) and of the cookie that may contain the token. */
export interface TokenPlace {
  readonly header: string | undefined;
  readonly cookie: string | undefined;
}

/**
 * Returns the token of a request. The header takes precedence over the cookie, because clients set a header
 * deliberately, while browsers send cookies automatically. A valid token in the cookie does not replace an invalid
 * token in the header.
 *
 * @throws {JwtSessionError} `request_invalid` if the request has no headers
 */
export function readToken(request: RequestLike, { header, cookie }: TokenPlace): string | undefined {
  const fromHeader = header && headerToken(readHeader(request, header), header);
  if (fromHeader) return fromHeader;
  const cookies = cookie && readHeader(request, 'cookie', '; ');
  return cookies ? readCookie(cookies, cookie) : undefined;
}

// Returns the token from the value of a header. The `Authorization` header may contain a scheme other than Bearer,
// such as Basic for a staging site. Other headers usually contain the token without a scheme
// (Cf-Access-Jwt-Assertion, X-Forwarded-Access-Token).
function headerToken(value: string | undefined, header: string): string | undefined {
  const scheme = value?.match(/^bearer +/i)?.[0];
  if (scheme) return value?.slice(scheme.length);
  return header === 'authorization' ? undefined : value;
}

// Returns the value of a header. Repeated headers are joined, as in the Fetch API: two Authorization headers never
// form a valid token.
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

// Checks the type of `get`, because a client may send a header with this name, whose value is a string.
function hasGet(headers: RequestLike['headers']): headers is { get(name: string): string | null } {
  return typeof headers.get === 'function';
}
