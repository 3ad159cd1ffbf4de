import { createHmac } from 'node:crypto';
import type { Server } from 'node:http';
import type { ContactAnswer, Inbox } from '@chatwoot-identity/core';

/** The properties of a request that `contact` and `inbox` read in every framework. */
export interface SeenRequest {
  /** A request header by its lower-case name. */
  header(name: string): string | undefined;
  /** The host that the visitor requested, without port, as the framework determines it behind a proxy. */
  hostname: string;
  /** The path that the visitor requested, with the mount path and without the query. */
  path: string;
}

/** The options of the adapter, and of the app that mounts the adapter. */
export interface AppOptions {
  inbox: Inbox | ((request: SeenRequest) => Inbox | Promise<Inbox>);
  contact: (request: SeenRequest) => ContactAnswer | Promise<ContactAnswer>;
  allowedOrigins?: string[];
  path?: string;
  inject?: true | 'inline';
  onError: (error: unknown) => void;
  /** The path or paths at which the app mounts the adapter. */
  mount?: string | string[];
  /** Whether the app trusts `X-Forwarded-*` headers from a proxy. */
  trustProxy?: boolean;
  /**
   * The body of the app's response to a request that the adapter passes on.
   * @default 'the app'
   */
  page?: string;
}

/**
 * Builds an app in production mode and listens on a free port of 127.0.0.1. The app responds with 200 and the page to
 * requests that the adapter passes on.
 */
export type StartApp = (options: AppOptions) => Promise<Server>;

/** One request and the expected response. */
export interface Row {
  must: string;
  options?: Partial<AppOptions>;
  /** @default 'GET' */
  method?: string;
  /** @default '/chatwoot/identity' */
  path?: string;
  headers?: Record<string, string>;
  send?: string | object;
  answer: {
    status: number;
    /** The value of each header by lower-case name. Null if the header must be missing. */
    headers?: Record<string, string | null>;
    /** JSON or text. If undefined, the framework may send any text that contains no secret. */
    body?: unknown;
  };
  /** The message of the one error that `onError` must receive. If undefined, `onError` must not be called. */
  reported?: string;
}

export const PATH = '/chatwoot/identity';

export const INBOX = {
  hmacToken: 'EPyYngFb62yBMWXaSCrUZoL9',
  websiteToken: 'S7qSB2oFvtsTxvUmJrSLSdLr',
  baseUrl: 'https://chat.example.com',
};

const OTHER_INBOX = { ...INBOX, hmacToken: 'GnMB1bobzjcUkCTGRBI2oOZS' };

/** Secrets that must appear in no response and no log. */
export const SECRETS: readonly string[] = [INBOX.hmacToken, OTHER_INBOX.hmacToken];

/** An error message that a log may contain, but a response must not. */
export const DETAIL = 'no route to database-7.internal';

const hash = (identifier: string, { hmacToken } = INBOX) =>
  createHmac('sha256', hmacToken).update(identifier).digest('hex');

const ADA = { identifier: 'user-1', name: "Ada O'Brien </script>", email: 'ada@example.com' };
export const ADAS_IDENTITY: object = {
  identifier: 'user-1',
  identifier_hash: hash('user-1'),
  name: "Ada O'Brien </script>",
  email: 'ada@example.com',
};

/** The session cookie of a signed-in user. Only the app can create such a cookie. */
export const SIGNED_IN = { cookie: 'session=ada' };

export const DEFAULTS: Pick<AppOptions, 'inbox' | 'contact'> = {
  inbox: INBOX,
  contact: (request) => (/\bsession=ada\b/.test(request.header('cookie') ?? '') ? ADA : null),
};

const fail = () => {
  throw new Error(DETAIL);
};

const problem = (status: number, title: string, detail: string) => ({
  type: 'about:blank',
  title,
  status,
  detail,
});

const ALWAYS = {
  'cache-control': 'private, no-store',
  vary: 'Cookie, Authorization',
  'x-content-type-options': 'nosniff',
  etag: null,
  'last-modified': null,
  'access-control-allow-origin': null,
};

const length = (body: unknown) => String(Buffer.byteLength(JSON.stringify(body)));

const identity = (body: object = ADAS_IDENTITY) => ({
  status: 200,
  headers: {
    ...ALWAYS,
    vary: `${ALWAYS.vary}, *`,
    'content-type': 'application/json',
    'content-length': length(body),
  },
  body,
});

const refusal = (body: { status: number }, headers: Record<string, string> = {}) => ({
  status: body.status,
  headers: {
    ...ALWAYS,
    'content-type': 'application/problem+json',
    'content-length': length(body),
    ...headers,
  },
  body,
});

const UNAUTHORIZED = refusal(problem(401, 'Unauthorized', 'No user is signed in.'));
const METHOD = refusal(problem(405, 'Method Not Allowed', 'Use GET or HEAD.'), { allow: 'GET, HEAD' });
const CROSS_SITE = refusal(
  problem(
    403,
    'Forbidden',
    'Other sites may not read the identity. If the site is yours, add its origin to allowedOrigins.',
  ),
);
const FAILED = { status: 500, headers: { etag: null, 'access-control-allow-origin': null } };

const SHOP = 'https://shop.example.com';
const SHARED = { vary: 'Cookie, Authorization, Origin' };
const CORS = {
  ...SHARED,
  'access-control-allow-origin': SHOP,
  'access-control-allow-credentials': 'true',
};
const crossSite = (origin: string) => ({ ...SIGNED_IN, 'sec-fetch-site': 'cross-site', origin });

/** The responses that every adapter must send at the path of the endpoint. */
export const ENDPOINT: readonly Row[] = [
  { must: 'respond with the identity of the signed-in user', headers: SIGNED_IN, answer: identity() },
  { must: 'respond with 401 to an anonymous visitor', answer: UNAUTHORIZED },
  {
    must: 'respond to HEAD with the headers of GET and no body',
    method: 'HEAD',
    headers: SIGNED_IN,
    answer: { ...identity(), body: '' },
  },
  {
    must: 'respond with 401 to a HEAD request of an anonymous visitor',
    method: 'HEAD',
    answer: { ...UNAUTHORIZED, body: '' },
  },
  ...['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => ({
    must: `refuse the method ${method}`,
    method,
    headers: SIGNED_IN,
    answer: METHOD,
  })),
  {
    must: 'respond to a conditional request with a full response that has no validators',
    headers: { ...SIGNED_IN, 'if-none-match': '*', 'if-modified-since': 'Fri, 01 Jan 2100 00:00:00 GMT' },
    answer: identity(),
  },
  {
    must: 'respond to a range request with a full response',
    headers: { ...SIGNED_IN, range: 'bytes=0-3' },
    answer: identity(),
  },
  { must: 'ignore the query string', path: `${PATH}?_=1`, headers: SIGNED_IN, answer: identity() },

  // Requests from other sites. The browser sets Sec-Fetch-Site, and a page cannot change it.
  ...['same-origin', 'same-site', 'none'].map((site) => ({
    must: `respond with the identity to Sec-Fetch-Site: ${site}`,
    headers: { ...SIGNED_IN, 'sec-fetch-site': site },
    answer: identity(),
  })),
  ...['cross-site', 'same-galaxy', 'Same-Origin', 'same-origin, cross-site'].map((site) => ({
    must: `refuse a request with Sec-Fetch-Site: ${site}`,
    headers: { ...SIGNED_IN, 'sec-fetch-site': site },
    answer: CROSS_SITE,
  })),
  {
    must: 'refuse a request from another origin',
    headers: crossSite('https://evil.example'),
    answer: CROSS_SITE,
  },
  {
    must: 'refuse a preflight request if no origin is allowed',
    method: 'OPTIONS',
    headers: { origin: SHOP, 'access-control-request-method': 'GET' },
    answer: METHOD,
  },
  {
    must: 'let a page of an allowed origin read the identity',
    options: { allowedOrigins: [SHOP] },
    headers: crossSite(SHOP),
    answer: { ...identity(), headers: { ...identity().headers, ...CORS, vary: `${SHARED.vary}, *` } },
  },
  {
    must: 'let a page of an allowed origin read the 401 response for an anonymous visitor',
    options: { allowedOrigins: [SHOP] },
    headers: { 'sec-fetch-site': 'cross-site', origin: SHOP },
    answer: { ...UNAUTHORIZED, headers: { ...UNAUTHORIZED.headers, ...CORS } },
  },
  ...['https://evil.example', `${SHOP}.evil.example`, 'http://shop.example.com', 'null'].map((origin) => ({
    must: `refuse the origin ${origin} if only another origin is allowed`,
    options: { allowedOrigins: [SHOP] },
    headers: crossSite(origin),
    answer: { ...CROSS_SITE, headers: { ...CROSS_SITE.headers, ...SHARED } },
  })),
  {
    must: 'accept a preflight request from an allowed origin, with or without a session',
    options: { allowedOrigins: [SHOP] },
    method: 'OPTIONS',
    headers: {
      origin: SHOP,
      'sec-fetch-site': 'cross-site',
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization',
    },
    answer: {
      status: 204,
      headers: {
        ...ALWAYS,
        ...CORS,
        'access-control-allow-methods': 'GET, HEAD',
        'access-control-allow-headers': 'authorization',
        'content-type': null,
      },
      body: '',
    },
  },
  {
    must: 'refuse a preflight request from an origin that is not allowed',
    options: { allowedOrigins: [SHOP] },
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
    answer: { ...METHOD, headers: { ...METHOD.headers, ...SHARED } },
  },

  // The signed-in user. Only `contact` determines the user.
  {
    must: 'await an asynchronous contact function',
    options: { contact: async (request) => DEFAULTS.contact(request) },
    headers: SIGNED_IN,
    answer: identity(),
  },
  ...[undefined, false, '', 0].map((answer) => ({
    must: `treat the result ${JSON.stringify(answer)} of contact as an anonymous visitor`,
    options: { contact: () => answer as ContactAnswer },
    headers: SIGNED_IN,
    answer: UNAUTHORIZED,
  })),
  {
    must: 'respond with 500 and no detail if contact throws',
    options: { contact: fail },
    answer: FAILED,
    reported: DETAIL,
  },
  {
    must: 'respond with 500 and no detail if contact rejects',
    options: { contact: async () => fail() },
    answer: FAILED,
    reported: DETAIL,
  },
  {
    must: 'respond with 500 even if onError throws',
    options: {
      contact: fail,
      onError: () => {
        throw new Error('the error tracker is down');
      },
    },
    answer: FAILED,
  },
  {
    must: 'not sign an empty identifier',
    options: { contact: () => ({ identifier: '' }) },
    answer: FAILED,
    reported:
      "The identifier is empty or blank. Give the user's permanent id, and null instead of a contact for an anonymous visitor.",
  },
  {
    must: 'not call contact for a refused method',
    options: { contact: fail },
    method: 'POST',
    answer: METHOD,
  },
  {
    must: 'not call contact for a request from another site',
    options: { contact: fail },
    headers: { 'sec-fetch-site': 'cross-site' },
    answer: CROSS_SITE,
  },
  {
    must: 'not take the user from the query',
    path: `${PATH}?identifier=mallory&user_id=mallory&id=mallory&identifier_hash=${'0'.repeat(64)}`,
    answer: UNAUTHORIZED,
  },
  {
    must: 'not take the user from headers or other cookies',
    headers: {
      identifier: 'mallory',
      'x-user-id': 'mallory',
      'x-chatwoot-identifier': 'mallory',
      cookie: `identifier=mallory; user_id=mallory; cw_user_${INBOX.websiteToken}=mallory`,
    },
    answer: UNAUTHORIZED,
  },
  {
    must: 'not let the query, headers or other cookies change the signed-in user',
    path: `${PATH}?identifier=mallory&name=mallory&email=mallory`,
    headers: { cookie: 'identifier=mallory; session=ada; name=mallory', 'x-user-id': 'mallory' },
    answer: identity(),
  },

  // The inbox that signs the identity.
  {
    must: 'sign with the inbox that an asynchronous inbox function returns',
    options: { inbox: async () => OTHER_INBOX },
    headers: SIGNED_IN,
    answer: identity({ ...ADAS_IDENTITY, identifier_hash: hash('user-1', OTHER_INBOX) }),
  },
  {
    must: 'respond with 500 and no detail if inbox throws',
    options: { inbox: fail },
    headers: SIGNED_IN,
    answer: FAILED,
    reported: DETAIL,
  },
  {
    must: 'respond with 500 and no detail if inbox rejects',
    options: { inbox: async () => fail() },
    headers: SIGNED_IN,
    answer: FAILED,
    reported: DETAIL,
  },
  {
    must: 'respond with 500 if inbox returns undefined',
    options: { inbox: () => undefined as unknown as Inbox },
    headers: SIGNED_IN,
    answer: FAILED,
    reported:
      'The inbox function returned no usable inbox: inbox must be { hmacToken, websiteToken, baseUrl } or a function that returns it. Copy it from Chatwoot: Inboxes > your website inbox > Settings > Configuration.',
  },
  {
    must: 'respond with 401 to an anonymous visitor without calling inbox',
    options: { inbox: fail },
    answer: UNAUTHORIZED,
  },
];

const APP = { status: 200, body: 'the app' };

/** Further responses that every middleware must send, because it also receives the other requests of the app. */
export const MIDDLEWARE: readonly Row[] = [
  ...['/', '/chatwoot', `${PATH}/`, `${PATH}/more`, '/api/chatwoot/identity', '/Chatwoot/Identity'].map(
    (path) => ({ must: `pass a request to ${path} on to the app`, path, headers: SIGNED_IN, answer: APP }),
  ),
  { must: 'pass on POST requests at other paths', method: 'POST', path: '/', answer: APP },
  {
    must: 'pass on requests from other sites at other paths',
    path: '/',
    headers: { 'sec-fetch-site': 'cross-site' },
    answer: APP,
  },
  {
    must: 'not call contact at other paths',
    options: { contact: fail, inbox: fail },
    path: '/',
    answer: APP,
  },
  { must: 'refuse an unknown method', method: 'PURGE', headers: SIGNED_IN, answer: METHOD },
  {
    must: 'not take the user from a body',
    method: 'GET',
    headers: { 'content-type': 'application/json' },
    send: { identifier: 'mallory', id: 'mallory' },
    answer: UNAUTHORIZED,
  },
  {
    must: 'respond below a mount path',
    options: { mount: '/api' },
    path: `/api${PATH}`,
    headers: SIGNED_IN,
    answer: identity(),
  },
  {
    must: 'pass on a request to its path without the mount path',
    options: { mount: '/api' },
    headers: SIGNED_IN,
    answer: APP,
  },
  {
    must: 'respond at the path that the option `path` sets',
    options: { path: '/me/chat' },
    path: '/me/chat',
    headers: SIGNED_IN,
    answer: identity(),
  },
  {
    must: 'pass on a request to the default path if the option `path` is set',
    options: { path: '/me/chat' },
    headers: SIGNED_IN,
    answer: APP,
  },
  {
    must: 'sign with the inbox for the host in X-Forwarded-Host if the proxy is trusted',
    options: { trustProxy: true, inbox: byHost },
    headers: { ...SIGNED_IN, 'x-forwarded-host': 'other.example.com', 'x-forwarded-proto': 'https' },
    answer: identity({ ...ADAS_IDENTITY, identifier_hash: hash('user-1', OTHER_INBOX) }),
  },
  {
    must: 'ignore X-Forwarded-Host if the proxy is not trusted',
    options: { inbox: byHost },
    headers: { ...SIGNED_IN, 'x-forwarded-host': 'other.example.com' },
    answer: identity(),
  },
  {
    must: 'prevent caching of the 500 response for a contact that cannot be signed',
    options: { contact: () => ({ identifier: 'undefined' }) },
    answer: { status: 500, headers: { 'cache-control': 'private, no-store' } },
    reported:
      'The identifier is the text of a missing value (such as "undefined" or "[object Object]"). ' +
      "Give the user's permanent id itself, without String() or a template literal around it.",
  },
];

function byHost(request: SeenRequest): Inbox {
  return request.hostname === 'other.example.com' ? OTHER_INBOX : INBOX;
}
