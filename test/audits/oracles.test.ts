import { endpointAudits, NotJudged } from '@chatwoot-identity/diagnostics';
import { describe, expect, it, test } from 'vitest';
import { hmacToken, session } from './faults.js';
import {
  type App,
  harmless,
  methodNotAllowed,
  notFound,
  oracles,
  sign,
  startApp,
  unclear,
} from './oracles.js';

/** Runs one audit. Returns the error if the audit rejects, and undefined if it resolves. */
async function errorOf(
  id: string,
  app: App,
  options: object = { session },
  path = '',
): Promise<Error | undefined> {
  const { url, close } = await startApp(app);
  const audit = endpointAudits({ url: url + path, ...options }).find((audit) => audit.id === id)!;
  const error = await audit.run().then(
    () => undefined,
    (error: Error) => error,
  );
  await close();
  return error;
}

describe('the audits for signing oracles', () => {
  // These audits run without the HMAC token. With the token, they would recognise the hash of the victim.
  it.each(oracles)('find $name ($found)', async ({ found, app }) => {
    const error = await errorOf(found, app);
    expect(error).not.toBeInstanceOf(NotJudged);
    expect(error?.message).toMatch(/session (only|first)/);
  });

  it('find an endpoint that signs the user named in the query string of its address', async () => {
    const app: App = ({ query, method }) =>
      method === 'GET' && query.get('mandant')
        ? { status: 200, body: { hash: sign(query.get('mandant')!) } }
        : methodNotAllowed;
    const error = await errorOf('own-user', app, { session }, '?mandant=ada');
    expect(error?.message).toMatch(/^The query string of an anonymous visitor selected another identity/);
  });

  it('find an endpoint that signs the user named in the path of its address', async () => {
    const app: App = ({ path, method, user }) => {
      const [, named] = /^\/identity\/(\w[\w-]*)\/hash$/.exec(path) ?? [];
      if (method !== 'GET' || !named) return notFound;
      return user ? { status: 200, body: { identifier: named, hash: sign(named) } } : notFound;
    };
    const error = await errorOf('own-user', app, { session }, '/ada/hash');
    expect(error?.message).toMatch(/^The path of a signed-in user selected another identity/);
  });

  it('find an endpoint that responds with an HTML page if the HMAC token is passed', async () => {
    const app: App = ({ query, user }) => {
      const identifier = query.get('user_id') ?? user ?? 'guest';
      return { status: 200, type: 'text/html', body: `<p>${sign(identifier)}</p>` };
    };
    expect((await errorOf('own-user', app, { session, hmacToken }))?.message).toMatch(
      /^The query string of an anonymous visitor decided which user the endpoint signs\./,
    );
  });
});

describe('the audits for signing oracles', () => {
  it.each(unclear)('are inconclusive for $name', async ({ leftOut, reason, app }) => {
    const error = await errorOf(leftOut, app);
    expect(error).toBeInstanceOf(NotJudged);
    expect(error?.message).toMatch(reason);
  });

  it('are inconclusive about signed-in users if no session is passed', async () => {
    const error = await errorOf('own-user', harmless[0]!.app, {});
    expect(error).toBeInstanceOf(NotJudged);
    expect(error?.message).toMatch(
      /^The check passes for anonymous visitors\. To check signed-in users too, pass a session\.$/,
    );
  });
});

describe('the audits for signing oracles', () => {
  it.each(harmless)('pass for $name', async ({ app }) => {
    for (const options of [{ session }, { session, hmacToken }])
      for (const id of ['own-user', 'own-user-post']) expect(await errorOf(id, app, options)).toBeUndefined();
  });

  it('pass for a response with a changing field that resembles a hash', async () => {
    let count = 0;
    const app: App = ({ method, user }) => {
      if (method !== 'GET') return methodNotAllowed;
      return { status: user ? 200 : 401, body: { identifier: user, csrf: sign(String(count++)) } };
    };
    const error = await errorOf('own-user', app);
    expect(error).toBeInstanceOf(NotJudged);
    expect(error?.message).toMatch(/differ although the requests are identical/);
  });
});

test('the audits for signing oracles send no POST as the signed-in user if the endpoint handles no POST', async () => {
  const posts: (string | undefined)[] = [];
  const app: App = (request) => {
    if (request.method === 'POST') posts.push(request.user);
    return request.method === 'POST' ? methodNotAllowed : harmless[0]!.app(request);
  };
  expect(await errorOf('own-user-post', app)).toBeUndefined();
  expect(new Set(posts)).toEqual(new Set([undefined]));
});

test('the audits mention guards if a NestJS app refuses the session', async () => {
  const app: App = ({ path }) =>
    path === '/identity'
      ? { status: 401, body: { status: 401 } }
      : { status: 404, body: { message: `Cannot GET ${path}`, error: 'Not Found', statusCode: 404 } };
  expect((await errorOf('identity', app))?.message).toBe(
    'The signed-in user gets 401 instead of 200. Is the session still valid? If it is: this is a NestJS app, whose ' +
      'guards run after middleware. If `contact` reads a `req.user` that a guard sets, read the session or verify the ' +
      'token in `contact` instead, or serve the identity from a controller behind the guard.',
  );
});
