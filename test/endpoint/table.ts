import { createHmac } from 'node:crypto';
import type { Server } from 'node:http';
import type { ContactAnswer, Inbox } from '@chatwoot-identity/core';

/** The properties of a request that the `contact` and `inbox` of a row read, in every framework. */
export interface SeenRequest {
  /** A request header by its lower-case name. */
  header(name: string): string | undefined;
  /** The host that the visitor requested, without port, as the framework determines it behind a proxy. */
  hostname: string;
  /** The path that the visitor requested, with the mount path and without the query. */
  path: string;
}

/** The adapter's own options, and how the app mounts it. */
export interface AppOptions {
  inbox: Inbox | ((request: SeenRequest) => Inbox | Promise<Inbox>);
  contact: (request: SeenRequest) => ContactAnswer | Promise<ContactAnswer>;
  allowedOrigins?: string[];
  path?: string;
  inject?: true | 'inline';
  onError: (error: unknown) => void;
  /** The path or paths that the app mounts the adapter on. */
  mount?: string | string[];
  /** Whether the app trusts the proxy in front of it. */
  trustProxy?: boolean;
  /**
   * The response of the app itself.
   * @default 'the app'
   */
  page?: string;
}

/**
 * Builds an app in production mode and listens on a free port of 127.0.0.1. Requests that the adapter passes on are
 * answered with 200 and the page, without other relevant headers.
 */
export type StartApp = (options: AppOptions) => Promise<Server>;

/** One request and its whole response. */
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
    /** By name; null if the header must be missing. */
    headers?: Record<string, string | null>;
    /** JSON or text. If undefined, any text of the framework, as long as it reveals nothing. */
    body?: unknown;
  };
  /** The message of the error that `onError` must receive, once. If undefined, `onError` must not be called. */
  reported?: string;
}

export const PATH = '/chatwoot/identity';

export const INBOX = {
  hmacToken: 'EPyYngFb62yBMWXaSCrUZoL9',
  websiteToken: 'S7qSB2oFvtsTxvUmJrSLSdLr',
  baseUrl: 'https://chat.example.com',
};

const OTHER_INBOX = { ...INBOX, hmacToken: 'GnMB1bobzjcUkCTGRBI2oOZS' };

/** What no response and no log may contain. */
export const SECRETS: readonly string[] = [INBOX.hmacToken, OTHER_INBOX.hmacToken];

/** A detail that a log may contain, but no response. */
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

/** The app's session: a cookie that only the app creates. */
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

/** What every adapter must answer at its path. */
export const ENDPOINT: readonly Row[] = [
  { must: 'give the signed-in user their identity', headers: SIGNED_IN, answer: identity() },
  { must: 'answer 401 to an anonymous visitor', answer: UNAUTHORIZED },
  {
    must: 'answer HEAD as GET, without a body',
    method: 'HEAD',
    headers: SIGNED_IN,
    answer: { ...identity(), body: '' },
  },
  {
    must: 'answer HEAD with 401 for an anonymous visitor',
    method: 'HEAD',
    answer: { ...UNAUTHORIZED, body: '' },
  },
  ...['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => ({
    must: `refuse ${method}`,
    method,
    headers: SIGNED_IN,
    answer: METHOD,
  })),
  {
    must: 'answer a conditional request with a full response, without validators',
    headers: { ...SIGNED_IN, 'if-none-match': '*', 'if-modified-since': 'Fri, 01 Jan 2100 00:00:00 GMT' },
    answer: identity(),
  },
  {
    must: 'answer a range request with a full response',
    headers: { ...SIGNED_IN, range: 'bytes=0-3' },
    answer: identity(),
  },
  { must: 'ignore the query', path: `${PATH}?_=1`, headers: SIGNED_IN, answer: identity() },

  // The origin of a request. Browsers set Sec-Fetch-Site; pages cannot.
  ...['same-origin', 'same-site', 'none'].map((site) => ({
    must: `answer Sec-Fetch-Site: ${site}`,
    headers: { ...SIGNED_IN, 'sec-fetch-site': site },
    answer: identity(),
  })),
  ...['cross-site', 'same-galaxy', 'Same-Origin', 'same-origin, cross-site'].map((site) => ({
    must: `refuse Sec-Fetch-Site: ${site}`,
    headers: { ...SIGNED_IN, 'sec-fetch-site': site },
    answer: CROSS_SITE,
  })),
  { must: 'refuse another origin', headers: crossSite('https://evil.example'), answer: CROSS_SITE },
  {
    must: 'refuse a preflight when no origin is allowed',
    method: 'OPTIONS',
    headers: { origin: SHOP, 'access-control-request-method': 'GET' },
    answer: METHOD,
  },
  {
    must: 'answer an allowed origin and let its page read the response',
    options: { allowedOrigins: [SHOP] },
    headers: crossSite(SHOP),
    answer: { ...identity(), headers: { ...identity().headers, ...CORS, vary: `${SHARED.vary}, *` } },
  },
  {
    must: 'let a page of an allowed origin read the 401 of an anonymous visitor',
    options: { allowedOrigins: [SHOP] },
    headers: { 'sec-fetch-site': 'cross-site', origin: SHOP },
    answer: { ...UNAUTHORIZED, headers: { ...UNAUTHORIZED.headers, ...CORS } },
  },
  ...['https://evil.example', `${SHOP}.evil.example`, 'http://shop.example.com', 'null'].map((origin) => ({
    must: `refuse the origin ${origin} beside the allowed one`,
    options: { allowedOrigins: [SHOP] },
    headers: crossSite(origin),
    answer: { ...CROSS_SITE, headers: { ...CROSS_SITE.headers, ...SHARED } },
  })),
  {
    must: 'answer the preflight of an allowed origin, signed in or not',
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
    must: 'refuse the preflight of another origin',
    options: { allowedOrigins: [SHOP] },
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
    answer: { ...METHOD, headers: { ...METHOD.headers, ...SHARED } },
  },

  // The signed-in user, whom only `contact` determines.
  {
    must: 'wait for an async contact',
    options: { contact: async (request) => DEFAULTS.contact(request) },
    headers: SIGNED_IN,
    answer: identity(),
  },
  ...[undefined, false, '', 0].map((answer) => ({
    must: `treat ${JSON.stringify(answer)} as an anonymous visitor`,
    options: { contact: () => answer as ContactAnswer },
    headers: SIGNED_IN,
    answer: UNAUTHORIZED,
  })),
  {
    must: 'answer 500 without detail when contact throws',
    options: { contact: fail },
    answer: FAILED,
    reported: DETAIL,
  },
  {
    must: 'answer 500 without detail when contact rejects',
    options: { contact: async () => fail() },
    answer: FAILED,
    reported: DETAIL,
  },
  {
    must: 'answer 500 when onError throws as well',
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
    must: 'not call contact when the method is refused',
    options: { contact: fail },
    method: 'POST',
    answer: METHOD,
  },
  {
    must: 'not call contact for a request of another site',
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
    must: 'not let query, headers or cookies change the signed-in user',
    path: `${PATH}?identifier=mallory&name=mallory&email=mallory`,
    headers: { cookie: 'identifier=mallory; session=ada; name=mallory', 'x-user-id': 'mallory' },
    answer: identity(),
  },

  // The inbox that signs.
  {
    must: 'sign with the inbox that an async function finds',
    options: { inbox: async () => OTHER_INBOX },
    headers: SIGNED_IN,
    answer: identity({ ...ADAS_IDENTITY, identifier_hash: hash('user-1', OTHER_INBOX) }),
  },
  {
    must: 'answer 500 without detail when inbox throws',
    options: { inbox: fail },
    headers: SIGNED_IN,
    answer: FAILED,
    reported: DETAIL,
  },
  {
    must: 'answer 500 without detail when inbox rejects',
    options: { inbox: async () => fail() },
    headers: SIGNED_IN,
    answer: FAILED,
    reported: DETAIL,
  },
  {
    must: 'answer 500 when inbox returns undefined',
    options: { inbox: () => undefined as unknown as Inbox },
    headers: SIGNED_IN,
    answer: FAILED,
    reported:
      'The inbox function returned no usable inbox: inbox must be { hmacToken, websiteToken, baseUrl } or a function that returns it. Copy it from Chatwoot: Inboxes > your website inbox > Settings > Configuration.',
  },
  {
    must: 'answer 401 to an anonymous visitor without an inbox',
    options: { inbox: fail },
    answer: UNAUTHORIZED,
  },
];

const APP = { status: 200, body: 'the app' };

/** What every middleware must also do: it shares the app's port with the app. */
export const MIDDLEWARE: readonly Row[] = [
  ...['/', '/chatwoot', `${PATH}/`, `${PATH}/more`, '/api/chatwoot/identity', '/Chatwoot/Identity'].map(
    (path) => ({ must: `let ${path} through`, path, headers: SIGNED_IN, answer: APP }),
  ),
  { must: 'pass on other methods at other paths', method: 'POST', path: '/', answer: APP },
  {
    must: 'pass on requests of other sites at other paths',
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
    must: 'be served below a mount path',
    options: { mount: '/api' },
    path: `/api${PATH}`,
    headers: SIGNED_IN,
    answer: identity(),
  },
  {
    must: 'pass on the path without the mount path',
    options: { mount: '/api' },
    headers: SIGNED_IN,
    answer: APP,
  },
  {
    must: 'be served at the path from its options',
    options: { path: '/me/chat' },
    path: '/me/chat',
    headers: SIGNED_IN,
    answer: identity(),
  },
  {
    must: 'not be served at the default path as well',
    options: { path: '/me/chat' },
    headers: SIGNED_IN,
    answer: APP,
  },
  {
    must: 'sign with the inbox of the host that the proxy names, when the proxy is trusted',
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
    must: 'prevent caching of the 500 for a contact that cannot be signed',
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
