import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { hmacToken } from './faults.js';

/** A request in the form in which an app's handler receives it. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The fields of a JSON body or of a form. Nested fields have names such as `user[id]`. */
  readonly body: Readonly<Record<string, string>>;
  /** The signed-in user of the session, if any. */
  readonly user: string | undefined;
}

/** A response. The content type of the response is JSON unless `type` is set. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An app with an identity endpoint at `/identity`. */
export type App = (request: Request) => Answer;

export const sign = (identifier: string): string =>
  createHmac('sha256', hmacToken).update(identifier).digest('hex');

export const unauthorized: Answer = { status: 401, body: { status: 401 } };
export const notFound: Answer = { status: 404, body: { status: 404 } };
export const methodNotAllowed: Answer = {
  status: 405,
  body: { status: 405 },
  headers: { Allow: 'GET, HEAD' },
};

/** Returns an app whose GET endpoint signs the user that `who` returns. */
function signing(who: (request: Request) => string | null | undefined, answerOf = identityOf): App {
  return (request) => {
    if (request.method !== 'GET') return methodNotAllowed;
    if (!request.path.startsWith('/identity')) return notFound;
    const user = who(request) ?? undefined;
    return user === undefined ? unauthorized : answerOf(user);
  };
}

const identityOf = (identifier: string): Answer => ({
  status: 200,
  body: { identifier, identifier_hash: sign(identifier) },
});
const hashOf = (identifier: string): Answer => ({ status: 200, body: { hash: sign(identifier) } });
const textOf = (identifier: string): Answer => ({ status: 200, body: sign(identifier), type: 'text/plain' });

const rightGet = signing(({ user }) => user);

/** An endpoint that signs a user named in the request, and the audit that must fail. */
export interface Oracle {
  readonly name: string;
  readonly found: 'own-user' | 'own-user-post' | 'anonymous';
  readonly app: App;
}

const fromQuery = (name: string): Oracle => ({
  name: `an endpoint that signs the user in the query parameter ${name}`,
  found: 'own-user',
  app: signing(({ query, user }) => query.get(name) ?? user),
});

const fromHeader = (name: string): Oracle => ({
  name: `an endpoint that signs the user in the header ${name}`,
  found: 'own-user',
  app: signing(({ headers, user }) => (headers[name] as string | undefined) ?? user),
});

const fromBody = (name: string): Oracle => ({
  name: `a POST endpoint that signs the user in the field ${name}`,
  found: 'own-user-post',
  app: (request) =>
    request.method === 'POST' && request.body[name] ? identityOf(request.body[name]) : rightGet(request),
});

export const oracles: readonly Oracle[] = [
  ...['identifier', 'id', 'user', 'user_id', 'userId', 'userID', 'uid', 'sub', 'email', 'username'].map(
    fromQuery,
  ),
  ...['customer_id', 'contactId', 'account', 'external_id', 'uuid', 'user[id]', 'contact[identifier]'].map(
    fromQuery,
  ),
  ...['x-user-id', 'x-forwarded-user', 'x-auth-request-email', 'remote-user', 'x-consumer-username'].map(
    fromHeader,
  ),
  ...['identifier', 'user_id', 'email', 'user[id]', 'contact[identifier]'].map(fromBody),
  {
    name: 'an endpoint that reads ?user_id= for signed-in users only',
    found: 'own-user',
    app: signing(({ query, user }) => user && (query.get('user_id') ?? user)),
  },
  {
    name: 'an endpoint that reads ?user_id= and responds only with the hash',
    found: 'own-user',
    app: signing(({ query, user }) => query.get('user_id') ?? user, hashOf),
  },
  {
    name: 'an endpoint that reads ?user_id= for signed-in users only and responds only with the hash',
    found: 'own-user',
    app: signing(({ query, user }) => user && (query.get('user_id') ?? user), hashOf),
  },
  {
    name: 'an endpoint that reads ?user_id= and responds with the hash as text',
    found: 'own-user',
    app: signing(({ query, user }) => query.get('user_id') ?? user, textOf),
  },
  {
    name: 'an endpoint that reads ?id= and requires a number',
    found: 'own-user',
    app: signing(({ query, user }) => /^\d+$/.exec(query.get('id') ?? '')?.[0] ?? user, hashOf),
  },
  {
    name: 'an endpoint that reads ?user_id= and refuses other parameters',
    found: 'own-user',
    app: (request) =>
      Array.from(request.query.keys()).some((name) => name !== 'user_id')
        ? { status: 400, body: { message: 'unknown parameter' } }
        : signing(({ query, user }) => query.get('user_id') ?? user, hashOf)(request),
  },
  {
    name: 'a POST endpoint that refuses other fields',
    found: 'own-user-post',
    app: (request) => {
      if (request.method !== 'POST') return rightGet(request);
      const names = Object.keys(request.body);
      return String(names) === 'userId'
        ? hashOf(request.body.userId!)
        : { status: 422, body: { message: 'unknown field' } };
    },
  },
  {
    name: 'an endpoint that requires ?user_id=',
    found: 'own-user',
    app: signing(({ query, user }) => (user ? query.get('user_id') : undefined), hashOf),
  },
  {
    name: 'an endpoint that signs the id in the path',
    found: 'own-user',
    app: signing(({ path, user }) => /^\/identity\/(.+)$/.exec(path)?.[1] ?? user),
  },
  {
    name: 'an endpoint that signs the id in the path and responds only with the hash',
    found: 'own-user',
    app: signing(({ path, user }) => user && (/^\/identity\/(.+)$/.exec(path)?.[1] ?? user), hashOf),
  },
  {
    name: 'an endpoint that signs the user in an unsigned cookie',
    found: 'own-user',
    app: signing(({ headers, user }) => /\buser_id=([^;]+)/.exec(String(headers.cookie))?.[1] ?? user),
  },
  {
    name: 'an endpoint that signs the user in an unverified token in a cookie',
    found: 'own-user',
    app: signing(({ headers, user }) => {
      const claims = /\bjwt=[\w-]+\.([\w-]+)\./.exec(String(headers.cookie))?.[1];
      return claims ? JSON.parse(Buffer.from(claims, 'base64url').toString()).sub : user;
    }),
  },
  {
    name: 'a POST endpoint that responds to signed-in users only, and only with the hash',
    found: 'own-user-post',
    app: (request) => {
      if (request.method !== 'POST') return rightGet(request);
      return request.user && request.body.user_id ? hashOf(request.body.user_id) : unauthorized;
    },
  },
  {
    name: 'an endpoint that sends an identity to anonymous visitors',
    found: 'anonymous',
    app: signing(({ user }) => user ?? 'guest'),
  },
  {
    name: 'an endpoint that sends only a hash to anonymous visitors',
    found: 'anonymous',
    app: signing(({ user }) => user ?? 'guest', hashOf),
  },
];

/** An endpoint for which an audit must be inconclusive, and the reason. */
export interface Unclear {
  readonly name: string;
  readonly leftOut: 'own-user' | 'own-user-post' | 'allow';
  readonly reason: RegExp;
  readonly app: App;
}

const onPost =
  (answer: Answer): App =>
  (request) =>
    request.method === 'POST' ? answer : rightGet(request);

export const unclear: readonly Unclear[] = [
  {
    name: 'an endpoint that responds to POST with 200 and no hash',
    leftOut: 'own-user-post',
    reason: /returns 200, without a hash that this check recognises\. Respond to POST with 405\./,
    app: onPost({ status: 200, body: { ok: true } }),
  },
  {
    name: 'an endpoint that responds to POST with 200, so that there is no Allow header to check',
    leftOut: 'allow',
    reason: /POST returns 200, so there is no 405 to check\./,
    app: onPost({ status: 200, body: { ok: true } }),
  },
  {
    name: 'an endpoint with protection against CSRF',
    leftOut: 'own-user-post',
    reason: /returns 403: protection against CSRF may hide a signing oracle\./,
    app: onPost({ status: 403, body: { message: 'invalid CSRF token' } }),
  },
  {
    name: 'an endpoint that requires a parameter unknown to the audit',
    leftOut: 'own-user',
    reason: /has status 400: the endpoint may take the user from a parameter that this check does not know\./,
    app: (request) =>
      request.method === 'GET' ? { status: 400, body: { message: 'mandant?' } } : methodNotAllowed,
  },
  {
    name: 'an endpoint that requires the email address of a user',
    leftOut: 'own-user',
    reason:
      /query string of an anonymous visitor changed the status from 401 to 404: the endpoint may look up the user/,
    app: (request) => (request.query.has('email') ? notFound : rightGet(request)),
  },
  {
    name: 'an endpoint that limits the number of requests',
    leftOut: 'own-user',
    reason: /limits the requests \(429\)\. Turn its rate limit off for this check\./,
    app: () => ({ status: 429, body: {} }),
  },
];

/** Apps whose responses look like those of a signing oracle but are not. */
export const harmless: readonly { readonly name: string; readonly app: App }[] = [
  { name: 'an endpoint that signs the user of the session', app: rightGet },
  {
    name: "an endpoint that sends the user's own identity at every address below it",
    app: signing(({ user }) => user, identityOf),
  },
  {
    name: 'a single-page app that sends its page at unknown addresses',
    app: (request) =>
      request.path === '/identity'
        ? rightGet(request)
        : { status: 200, type: 'text/html', body: `<script src="/app.js?${sign('build')}"></script>` },
  },
  {
    name: "an endpoint that also responds to POST with the user's own identity",
    app: (request) => signing(({ user }) => user)({ ...request, method: 'GET' }),
  },
  {
    name: 'an endpoint that responds with validation errors instead of 401',
    app: (request) => (request.query.size > 0 ? { status: 400, body: {} } : rightGet(request)),
  },
];

/** Starts an app with the session `session=ada` on a real socket. */
export async function startApp(app: App): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(async (incoming, response) => {
    const { pathname, searchParams } = new URL(incoming.url!, 'http://x');
    const user = /\bsession=ada\b/.test(incoming.headers.cookie ?? '') ? 'ada' : undefined;
    const body = fieldsOf(await text(incoming), incoming.headers['content-type']);
    const { method = 'GET', headers } = incoming;
    const request = { method: method === 'HEAD' ? 'GET' : method, path: pathname, query: searchParams };
    const answer = app({ ...request, headers, body, user });
    const type = { 'Content-Type': answer.type ?? 'application/json' };
    response.writeHead(answer.status, { ...type, ...answer.headers });
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/identity`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function fieldsOf(body: string, type = ''): Record<string, string> {
  if (type === 'application/x-www-form-urlencoded') return Object.fromEntries(new URLSearchParams(body));
  if (type !== 'application/json' || body === '') return {};
  const fields = Object.entries(JSON.parse(body) as Record<string, string | Record<string, string>>);
  const flat = fields.flatMap(([name, value]): [string, string][] =>
    typeof value === 'string'
      ? [[name, value]]
      : Object.entries(value).map(([inner, text]) => [`${name}[${inner}]`, text]),
  );
  return Object.fromEntries(flat);
}
