import type { Question } from './audited-endpoint.js';
import { COOKIES, EMAIL_HEADERS, EMAIL_NAMES, HEADERS, NAMES, NESTED, TOKEN_COOKIES } from './user-names.js';

/** A request that tries to mislead the endpoint, and the name of its misleading part. */
export type HostileRequest = Question & { readonly part: string };

/** The origin of an attacker's page. */
export const ATTACKER = 'https://attacker.example';

/**
 * The users that hostile requests name. Many databases contain users `1` and `2`, so an endpoint that looks up
 * users by id signs these two. An endpoint that signs any string also signs the third name.
 */
export const VICTIMS: readonly string[] = ['1', '2', 'chatwoot-identity-audit'];

/** Returns GET requests that name a victim in the query string, a cookie, a header or an unsigned token. */
export function choosingRequests(): HostileRequest[] {
  return VICTIMS.flatMap((victim) => [
    { part: 'query string', query: new URLSearchParams(parameters(victim)).toString() },
    {
      part: 'query string',
      query: new URLSearchParams(NESTED.flatMap((name) => nested(name, victim))).toString(),
    },
    { part: 'cookie', headers: { cookie: pairs(COOKIES, victim) } },
    {
      part: 'header',
      headers: { ...named(HEADERS, victim), ...named(EMAIL_HEADERS, emailOf(victim)) },
    },
    // This request misleads an endpoint that decodes tokens without verifying them.
    {
      part: 'unsigned token',
      headers: {
        authorization: `Bearer ${unsignedToken(victim)}`,
        cookie: pairs(TOKEN_COOKIES, unsignedToken(victim)),
      },
    },
  ]);
}

/**
 * Returns GET requests that name a victim in the path. The requests append the victim to the address, or
 * replace a part of the address that may name the user.
 *
 * @param own the identifier and the email address of the signed-in user, if they are known
 */
export function choosingAddresses(endpoint: URL, own: readonly string[]): HostileRequest[] {
  return VICTIMS.flatMap((victim) => [
    { part: 'path', url: withPath(endpoint, `${endpoint.pathname.replace(/\/$/, '')}/${victim}`) },
    ...segmentsOfUsers(endpoint, own).map((segment) => ({
      part: 'path',
      url: withPath(
        endpoint,
        endpoint.pathname.split('/').with(segment, encodeURIComponent(victim)).join('/'),
      ),
    })),
    ...Array.from(new Set(endpoint.searchParams.keys()), (name) => ({
      part: 'query string',
      url: withParameter(endpoint, name, victim),
    })),
  ]);
}

/** Returns POST requests that name a victim in the body. */
export function choosingBodies(): HostileRequest[] {
  return VICTIMS.flatMap((victim) => {
    const {
      user: _user,
      contact: _contact,
      customer: _customer,
      ...flat
    } = Object.fromEntries(parameters(victim));
    const deep = Object.fromEntries(NESTED.map((name) => [name, { ...flat }]));
    const form = [...parameters(victim), ...NESTED.flatMap((name) => nested(name, victim))];
    return [
      jsonBody(Object.fromEntries(parameters(victim))),
      jsonBody({ ...flat, ...deep }),
      {
        part: 'form',
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(form).toString(),
      },
    ];
  });
}

/** Splits a request into requests with one parameter each, for endpoints that reject unknown parameters. */
export function oneByOne({ part, query, body, headers, ...rest }: HostileRequest): HostileRequest[] {
  const type = headers?.['content-type'];
  if (body !== undefined && type === 'application/json') {
    const fields = Object.entries(JSON.parse(body));
    return fields.map((field) => ({
      ...rest,
      part,
      headers: { 'content-type': type },
      body: JSON.stringify(Object.fromEntries([field])),
    }));
  }
  const one = (pair: [string, string]) => new URLSearchParams([pair]).toString();
  if (body !== undefined && type !== undefined)
    return Array.from(new URLSearchParams(body), (pair) => ({
      ...rest,
      part,
      headers: { 'content-type': type },
      body: one(pair),
    }));
  if (query !== undefined)
    return Array.from(new URLSearchParams(query), (pair) => ({ ...rest, part, query: one(pair) }));
  return Object.entries(headers ?? {}).map(([name, value]) => ({
    ...rest,
    part,
    headers: { [name]: value },
  }));
}

/** Requests with malformed parts that cause errors in careless parsers. */
export const malformed: readonly HostileRequest[] = [
  { part: 'query string', query: '%E0%A4%A&__proto__[x]=1&a[]=&=' },
  { part: 'cookie', headers: { cookie: 'session=%E0%A4%A; =; "; __proto__=1; session' } },
  { part: 'token', headers: { authorization: 'Bearer not.a.token' } },
];

/** Returns the email address that hostile requests use for a victim. */
export function emailOf(victim: string): string {
  return `${victim}@attacker.example`;
}

function parameters(victim: string): [string, string][] {
  return [
    ...NAMES.map((name): [string, string] => [name, victim]),
    ...EMAIL_NAMES.map((name): [string, string] => [name, emailOf(victim)]),
  ];
}

/** Returns nested parameters in the notation of Rails, PHP and `qs`: `user[id]=1`. */
function nested(name: string, victim: string): [string, string][] {
  return [
    ...['id', 'identifier', 'user_id', 'uid'].map((field): [string, string] => [`${name}[${field}]`, victim]),
    [`${name}[email]`, emailOf(victim)],
  ];
}

function jsonBody(value: object): HostileRequest {
  return {
    part: 'JSON body',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  };
}

/**
 * Returns the indexes of path segments that may name a user: the user's own identifier, a number, a UUID or
 * an email address.
 */
function segmentsOfUsers({ pathname }: URL, own: readonly string[]): number[] {
  const encoded = own.map(encodeURIComponent);
  return pathname.split('/').flatMap((segment, index) => {
    const isOwn = own.includes(segment) || encoded.includes(segment);
    return isOwn || /^\d+$|^[0-9a-f-]{24,36}$|@|%40/i.test(segment) ? [index] : [];
  });
}

function withPath(endpoint: URL, pathname: string): URL {
  const url = new URL(endpoint);
  url.pathname = pathname;
  return url;
}

function withParameter(endpoint: URL, name: string, value: string): URL {
  const url = new URL(endpoint);
  url.searchParams.set(name, value);
  return url;
}

function unsignedToken(victim: string): string {
  const claims = {
    ...{ sub: victim, id: victim, user_id: victim, userId: victim, uid: victim, email: emailOf(victim) },
    exp: 4_102_444_800,
  };
  return [{ alg: 'none', typ: 'JWT' }, claims, '']
    .map((part) => part && Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
}

function named(names: readonly string[], value: string): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, value]));
}

function pairs(names: readonly string[], value: string): string {
  return names.map((name) => `${name}=${value}`).join('; ');
}
