import type { Problem, Reply } from './reply.js';
import { header, type RequestLike } from './request.js';
import type { Identity } from './wire.js';

/**
 * The HTTP policy of the identity endpoint: which requests may read an identity, and which headers each
 * response has.
 */
export interface Endpoint {
  /**
   * Returns the response to a request.
   *
   * @param identify returns the signed-in user's identity; not called if the request is refused
   * @throws {Error} the error that `identify` throws
   */
  respond(request: RequestLike, identify: () => Identity | null | Promise<Identity | null>): Promise<Reply>;
}

/**
 * The media type that the page script sends in `Accept`. For an anonymous visitor, a request with this media
 * type receives 204 instead of 401, because browsers log every 4xx response as an error.
 */
const PAGE_SCRIPT_TYPE = 'application/vnd.chatwoot-identity+json';

/**
 * Matches the nonce that the page script sends in `Accept`. The response repeats the nonce, so that the
 * script can detect a response that a cache stored for an earlier request.
 */
const NONCE = /application\/vnd\.chatwoot-identity\+json;nonce=([\da-f]{1,64})(?:,|$)/;
const NONCE_HEADER = 'Chatwoot-Identity-Nonce';

const ANONYMOUS: Problem = { status: 401, title: 'Unauthorized', detail: 'No user is signed in.' };

const METHOD: Problem = { status: 405, title: 'Method Not Allowed', detail: 'Use GET or HEAD.' };

const CROSS_SITE: Problem = {
  status: 403,
  title: 'Forbidden',
  detail: 'Other sites may not read the identity. If the site is yours, add its origin to allowedOrigins.',
};

const ALLOW = 'GET, HEAD';

/**
 * Returns the 500 response for adapters whose framework has no error handler. The response does not contain
 * the error, which belongs only in the server's log.
 */
export function internalServerError(): Reply {
  const body = JSON.stringify({
    type: 'about:blank',
    title: 'Internal Server Error',
    status: 500,
    detail: "The identity could not be determined. The error is in the server's log.",
  });
  const headers = {
    'Cache-Control': 'private, no-store',
    Vary: 'Cookie, Authorization',
    'X-Content-Type-Options': 'nosniff',
    'Content-Type': 'application/problem+json',
    'Content-Length': String(Buffer.byteLength(body)),
  };
  return { status: 500, headers, body };
}

/**
 * Creates the identity endpoint.
 *
 * @param allowedOrigins origins of other sites that may fetch the identity with credentials
 * @throws {TypeError} if `allowedOrigins` is not an array of origins
 */
export function createEndpoint(allowedOrigins: readonly string[] = []): Endpoint {
  if (!Array.isArray(allowedOrigins)) {
    throw new TypeError(
      'allowedOrigins must be an array of origins, for example ["https://shop.example.com"].',
    );
  }
  for (const origin of allowedOrigins) checkOrigin(origin);
  const allowed = new Set(allowedOrigins);
  const vary = allowed.size > 0 ? 'Cookie, Authorization, Origin' : 'Cookie, Authorization';

  function headersFor(request: RequestLike): Record<string, string> {
    const headers: Record<string, string> = {
      'Cache-Control': 'private, no-store',
      Vary: vary,
      'X-Content-Type-Options': 'nosniff',
    };
    const nonce = NONCE.exec(header(request, 'accept') ?? '')?.[1];
    if (nonce) headers[NONCE_HEADER] = nonce;
    const origin = header(request, 'origin');
    if (origin !== undefined && allowed.has(origin)) {
      headers['Access-Control-Allow-Origin'] = origin;
      headers['Access-Control-Allow-Credentials'] = 'true';
      if (nonce) headers['Access-Control-Expose-Headers'] = NONCE_HEADER;
    }
    return headers;
  }

  function write(
    request: RequestLike,
    status: number,
    type: string,
    value: unknown,
    extra?: Record<string, string>,
  ): Reply {
    const body = JSON.stringify(value);
    const headers = headersFor(request);
    headers['Content-Type'] = type;
    headers['Content-Length'] = String(Buffer.byteLength(body));
    if (extra) Object.assign(headers, extra);
    return { status, headers, body: request.method === 'HEAD' ? '' : body };
  }

  function problem(
    request: RequestLike,
    { status, title, detail }: Problem,
    extra?: Record<string, string>,
  ): Reply {
    return write(
      request,
      status,
      'application/problem+json',
      { type: 'about:blank', title, status, detail },
      extra,
    );
  }

  function isAllowed(request: RequestLike): boolean {
    const origin = header(request, 'origin');
    return origin !== undefined && allowed.has(origin);
  }

  /**
   * Responds to a CORS preflight, which browsers send if the page adds request headers such as
   * `Authorization`.
   */
  function preflight(request: RequestLike): Reply {
    const asked = header(request, 'access-control-request-headers') ?? '';
    const headers = {
      ...headersFor(request),
      'Access-Control-Allow-Methods': ALLOW,
      'Access-Control-Allow-Headers': /^[\w\-, ]+$/.test(asked) ? asked : 'Authorization',
    };
    return { status: 204, headers, body: '' };
  }

  /**
   * Returns the response to a preflight or to a request that may not read an identity; undefined for any
   * other request.
   */
  function refuse(request: RequestLike): Reply | undefined {
    const { method = 'GET' } = request;
    if (method === 'OPTIONS' && isAllowed(request)) return preflight(request);
    if (method !== 'GET' && method !== 'HEAD') return problem(request, METHOD, { Allow: ALLOW });
    if (isCrossSite(request) && !isAllowed(request)) return problem(request, CROSS_SITE);
    return undefined;
  }

  function answer(request: RequestLike, identity: Identity | null): Reply {
    // Service workers ignore Cache-Control, but the browser refuses to store a response with `Vary: *` for them.
    if (identity) return write(request, 200, 'application/json', identity, { Vary: `${vary}, *` });
    if (isPageScript(request)) return { status: 204, headers: headersFor(request), body: '' };
    return problem(request, ANONYMOUS);
  }

  return {
    respond: async (request, identify) => refuse(request) ?? answer(request, await identify()),
  };
}

function isPageScript(request: RequestLike): boolean {
  return header(request, 'accept')?.includes(PAGE_SCRIPT_TYPE) ?? false;
}

/**
 * Returns true if another site sent the request. Browsers set `Sec-Fetch-Site`, and pages cannot forge it. An
 * unknown value of `Sec-Fetch-Site` counts as another site.
 */
function isCrossSite(request: RequestLike): boolean {
  const site = header(request, 'sec-fetch-site');
  return site !== undefined && site !== 'same-origin' && site !== 'same-site' && site !== 'none';
}

/**
 * Matches the origin of an app in a WebView, such as `capacitor://localhost`, for which `URL.origin` is
 * `'null'`.
 */
const APP_ORIGIN = /^(?!https?:)[a-z][a-z\d+.-]*:\/\/[a-z\d.-]+(?::\d+)?$/;

function checkOrigin(origin: string): void {
  if (String(origin).includes('*')) {
    throw new TypeError(
      `allowedOrigins: ${JSON.stringify(origin)} is not an origin, because it contains a wildcard. List each origin, for example "https://shop.example.com".`,
    );
  }
  if (APP_ORIGIN.test(origin) || (URL.canParse(origin) && new URL(origin).origin === origin)) return;
  throw new TypeError(
    `allowedOrigins: ${JSON.stringify(origin)} is not an origin. Write scheme and host, with the port if it has one, and no slash at the end: "https://shop.example.com".`,
  );
}
