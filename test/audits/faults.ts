import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createChatwootIdentity, type Identity, type Reply } from '@chatwoot-identity/core';

export const hmacToken = 'wyHVRZzzJhjPMKR2h7LpeJVy';
export const session: { cookie: string } = { cookie: 'session=ada' };

/** An endpoint with one fault, and the audits that must find it. */
export interface Fault {
  readonly name: string;
  readonly found: readonly string[];
  /** The audits that must be inconclusive because of the fault. */
  readonly leftOut?: readonly string[];
  /** Changes the request before the endpoint reads it. */
  readonly request?: (request: IncomingMessage) => void;
  /** Returns the user whom the endpoint considers signed in. */
  readonly user?: (request: IncomingMessage) => string | null;
  /** Changes the correct response. */
  readonly reply?: (reply: Reply, request: IncomingMessage) => Partial<Reply>;
}

const chatwoot = createChatwootIdentity<IncomingMessage>({
  inbox: { hmacToken, websiteToken: 'Ab3dEf6hJkLmNpQrStUvWxYz', baseUrl: 'https://chat.example.com' },
});

const cookie = (request: IncomingMessage, name: string) =>
  request.headers.cookie
    ?.split('; ')
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? null;

const query = (request: IncomingMessage, name: string) =>
  new URL(request.url!, 'http://x').searchParams.get(name);

const signedIn = (request: IncomingMessage) => (cookie(request, 'session') === 'ada' ? 'ada' : null);

/** Returns the subject of a bearer token without verifying the token. */
const unverifiedSubject = ({ headers }: IncomingMessage): string | null => {
  const claims = /^Bearer [\w-]+\.([\w-]+)\./.exec(headers.authorization ?? '')?.[1];
  return claims?.startsWith('ey') ? JSON.parse(Buffer.from(claims, 'base64url').toString()).sub : null;
};

/** Replaces headers of the correct response. The value undefined removes a header. */
const headers =
  (changed: Record<string, string | undefined>) =>
  ({ headers }: Reply): Partial<Reply> => ({ headers: { ...headers, ...changed } as Record<string, string> });

/** Replaces the identity in the correct response. */
const identity = (change: (identity: Identity) => object) => (reply: Reply) =>
  reply.status === 200 && reply.body
    ? json({ ...reply, body: JSON.stringify(change(JSON.parse(reply.body))) })
    : {};

/** Sets the Content-Length of a response to the length of its body. */
const json = (reply: Reply): Reply => ({
  ...reply,
  headers: { ...reply.headers, 'Content-Length': String(Buffer.byteLength(reply.body)) },
});

/** Replaces the response to anonymous visitors. */
const anonymous = (other: Partial<Reply>) => (reply: Reply) =>
  reply.status === 401 ? json({ ...reply, ...other, headers: { ...reply.headers, ...other.headers } }) : {};

const sign = (key: string, message: string) => createHmac('sha256', key).update(message).digest('hex');

const crash: Partial<Reply> = {
  status: 500,
  headers: { 'Content-Type': 'text/html; charset=utf-8' },
  body: `<pre>${new URIError('URI malformed').stack?.replaceAll('\n', '<br> &nbsp;')}</pre>`,
};

export const faults: readonly Fault[] = [
  {
    name: 'a response without no-store',
    found: ['no-store'],
    reply: headers({ 'Cache-Control': undefined }),
  },
  {
    name: 'a response with a public max-age',
    found: ['no-store'],
    reply: headers({ 'Cache-Control': 'public, max-age=60' }),
  },
  {
    name: 'a header that allows CDNs to store the response',
    found: ['no-store'],
    reply: headers({ 'CDN-Cache-Control': 'public, max-age=600' }),
  },
  {
    name: "a header that allows one vendor's caches to store the response",
    found: ['no-store'],
    reply: headers({ 'Surrogate-Control': 'max-age=600' }),
  },
  {
    name: 'a header that allows nginx to store the response',
    found: ['no-store'],
    reply: headers({ 'X-Accel-Expires': '600' }),
  },
  { name: 'a response from a cache', found: ['no-store'], reply: headers({ Age: '12' }) },
  { name: 'a response with an ETag', found: ['validators'], reply: headers({ ETag: 'W/"2a"' }) },
  {
    name: 'a response with Last-Modified',
    found: ['validators'],
    reply: headers({ 'Last-Modified': new Date(0).toUTCString() }),
  },
  {
    name: 'a 304 response to a known validator',
    found: ['validators'],
    reply: (_reply, { headers }) =>
      headers['if-none-match'] ? { status: 304, headers: { 'Cache-Control': 'no-store' }, body: '' } : {},
  },
  {
    name: 'a 200 response with null for an anonymous visitor',
    found: ['anonymous'],
    leftOut: ['problem'],
    reply: anonymous({ status: 200, headers: { 'Content-Type': 'application/json' }, body: 'null' }),
  },
  {
    name: 'a hash of the empty string for an anonymous visitor',
    found: ['anonymous'],
    leftOut: ['problem'],
    reply: anonymous({
      status: 200,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ identifier: '', identifier_hash: sign(hmacToken, '') }),
    }),
  },
  {
    name: 'a 401 that contains a hash',
    found: ['anonymous'],
    reply: anonymous({ body: JSON.stringify({ status: 401, identifier_hash: sign(hmacToken, '') }) }),
  },
  {
    name: 'a redirect to the login page for an anonymous visitor',
    found: ['anonymous'],
    leftOut: ['problem'],
    reply: anonymous({ status: 302, headers: { Location: '/login', 'Content-Type': 'text/html' }, body: '' }),
  },
  {
    name: 'CORS with * and credentials',
    found: ['cors'],
    reply: headers({ 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Credentials': 'true' }),
  },
  {
    name: 'CORS that allows every origin',
    found: ['cors'],
    reply: (reply, request) =>
      headers({ 'Access-Control-Allow-Origin': request.headers.origin ?? 'null' })(reply),
  },
  {
    name: 'CORS that allows every origin that starts with its own origin',
    found: ['cors'],
    reply: (reply, { headers: { origin } }) =>
      origin?.startsWith('https://127.0.0.1')
        ? headers({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true' })(
            reply,
          )
        : {},
  },
  {
    name: 'CORS that allows every origin in the preflight only',
    found: ['cors'],
    reply: (reply, { method }) =>
      method === 'OPTIONS' ? headers({ 'Access-Control-Allow-Origin': '*' })(reply) : {},
  },
  {
    name: 'a hash made with another token',
    found: ['hash'],
    reply: identity((user) => ({
      ...user,
      identifier_hash: sign('GnMB1bobzjcUkCTGRBI2oOZS', user.identifier),
    })),
  },
  {
    name: 'a hash with key and message swapped',
    found: ['hash'],
    reply: identity((user) => ({ ...user, identifier_hash: sign(user.identifier, hmacToken) })),
  },
  {
    name: 'a hash in base64',
    found: ['identity', 'hash'],
    reply: identity((user) => ({ ...user, identifier_hash: btoa(user.identifier_hash) })),
  },
  {
    name: 'an identifier that is a number',
    found: ['identity'],
    reply: identity((user) => ({ ...user, identifier: 42, identifier_hash: sign(hmacToken, '42') })),
  },
  {
    name: 'an identity with neither name nor email address',
    found: ['profile'],
    reply: identity(({ identifier, identifier_hash }) => ({ identifier, identifier_hash })),
  },
  {
    name: 'an identity with all fields of the user',
    found: ['fields'],
    reply: identity((user) => ({ ...user, passwordHash: 'x', role: 'admin' })),
  },
  {
    name: 'an identifier from the query string',
    found: ['own-user'],
    user: (request) => query(request, 'user_id') ?? signedIn(request),
  },
  {
    name: 'an identifier from the query string of a signed-in user only',
    found: ['own-user'],
    user: (request) => signedIn(request) && (query(request, 'id') ?? 'ada'),
  },
  {
    name: 'an identifier from a cookie of the visitor',
    found: ['own-user'],
    user: (request) => signedIn(request) ?? cookie(request, 'cw_vid'),
  },
  {
    name: 'an identifier from a header',
    found: ['own-user'],
    user: (request) => (request.headers['x-user-id'] as string) ?? signedIn(request),
  },
  {
    name: 'an identifier from an unverified token',
    found: ['own-user'],
    user: (request) => unverifiedSubject(request) ?? signedIn(request),
  },
  {
    name: 'a 200 response to a cross-site GET',
    found: ['cross-site'],
    request: ({ headers }) => {
      delete headers['sec-fetch-site'];
    },
  },
  {
    name: 'a 500 with a stack trace for a malformed cookie',
    found: ['errors'],
    reply: (_reply, { headers }) => (headers.cookie?.includes('%E0%A4%A') ? crash : {}),
  },
  {
    name: 'a 500 with a stack trace for an anonymous visitor',
    found: ['anonymous', 'errors', 'problem'],
    reply: anonymous(crash),
  },
  {
    name: 'a 500 without details for a malformed token',
    found: ['errors'],
    reply: (_reply, { headers }) =>
      headers.authorization ? { status: 500, headers: { 'Cache-Control': 'no-store' }, body: '' } : {},
  },
  {
    name: 'an endpoint that does not support HEAD',
    found: ['head'],
    reply: (_reply, { method }) => (method === 'HEAD' ? { status: 404, body: '' } : {}),
  },
  {
    name: 'a 405 response without Allow',
    found: ['allow'],
    reply: (reply) => (reply.status === 405 ? headers({ Allow: undefined })(reply) : {}),
  },
  {
    name: 'a 404 response to other methods',
    found: ['methods'],
    leftOut: ['allow'],
    reply: (reply) => (reply.status === 405 ? json({ ...reply, status: 404, body: '{"status":404}' }) : {}),
  },
  {
    name: 'a 200 response to POST',
    found: ['methods'],
    leftOut: ['own-user-post', 'allow', 'problem'],
    reply: (reply, { method }) =>
      method === 'POST' ? { ...json({ ...reply, body: '{}' }), status: 200 } : {},
  },
  {
    name: 'a response with the HMAC token in a header',
    found: ['token'],
    reply: headers({ 'X-Debug': `key=${hmacToken}` }),
  },
  { name: 'a response without Vary', found: ['vary'], reply: headers({ Vary: 'Accept-Encoding' }) },
  {
    name: 'a response without nosniff',
    found: ['nosniff'],
    reply: headers({ 'X-Content-Type-Options': undefined }),
  },
  {
    name: 'refusals in plain JSON',
    found: ['problem'],
    reply: (reply) => (reply.status >= 400 ? headers({ 'Content-Type': 'application/json' })(reply) : {}),
  },
];

/** Serves a correct endpoint, or an endpoint with one fault, on a real socket. */
export async function startEndpoint({ request, user = signedIn, reply }: Partial<Fault> = {}) {
  const server = createServer(async (req, res) => {
    request?.(req);
    const right = await chatwoot.respond(req, () => {
      const identifier = user(req);
      return identifier && { identifier, email: 'ada@example.com' };
    });
    const { status, headers, body } = { ...right, ...reply?.(right, req) };
    const kept = Object.entries(headers).filter(([, value]) => value !== undefined);
    res.writeHead(status, Object.fromEntries(kept)).end(req.method === 'HEAD' ? '' : body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/chatwoot/identity`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
