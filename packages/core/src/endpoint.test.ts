import { describe, expect, it } from 'vitest';
import { createEndpoint, type Endpoint } from './endpoint.js';
import type { RequestLike } from './request.js';
import type { Identity } from './wire.js';

const SHOP = 'https://shop.example.com';
const identity: Identity = { identifier: '\u00e9-1', identifier_hash: 'ab'.repeat(32), name: 'Ada' };
const own = createEndpoint();
const shared = createEndpoint([SHOP]);

const answer = (endpoint: Endpoint, request: RequestLike, identity: Identity | null) =>
  endpoint.respond(request, () => identity);

/** Returns the response to a request that the endpoint must refuse before it calls `identify`. */
const refusal = (endpoint: Endpoint, request: RequestLike) =>
  endpoint.respond(request, () => {
    throw new Error('The identity was requested.');
  });

const get = (headers: Record<string, string> = {}): RequestLike => ({ method: 'GET', headers });

describe('Endpoint.respond', () => {
  it('returns the identity as flat JSON that no cache may store', async () => {
    const body = JSON.stringify(identity);
    expect(await answer(own, get(), identity)).toEqual({
      status: 200,
      headers: {
        'Cache-Control': 'private, no-store',
        Vary: 'Cookie, Authorization, *',
        'X-Content-Type-Options': 'nosniff',
        'Content-Type': 'application/json',
        'Content-Length': String(Buffer.byteLength(body)),
      },
      body,
    });
  });

  it('returns, for an anonymous visitor, a 401 problem that no cache may store', async () => {
    const { status, headers, body } = await answer(own, get(), null);
    expect(status).toBe(401);
    expect(headers).toMatchObject({
      'Cache-Control': 'private, no-store',
      Vary: 'Cookie, Authorization',
      'X-Content-Type-Options': 'nosniff',
      'Content-Type': 'application/problem+json',
    });
    expect(JSON.parse(body)).toEqual({
      type: 'about:blank',
      title: 'Unauthorized',
      status: 401,
      detail: 'No user is signed in.',
    });
  });

  it('responds to HEAD with the status and headers of GET, without a body', async () => {
    for (const whom of [identity, null]) {
      const { body, ...rest } = await answer(own, { method: 'HEAD', headers: {} }, whom);
      const { body: _body, ...asGet } = await answer(own, get(), whom);
      expect(rest).toEqual(asGet);
      expect(body).toBe('');
    }
  });

  it('lets an allowed origin read the response, and adds Origin to Vary if any origin is allowed', async () => {
    expect((await answer(shared, get({ origin: SHOP }), identity)).headers).toMatchObject({
      'Access-Control-Allow-Origin': SHOP,
      'Access-Control-Allow-Credentials': 'true',
      Vary: 'Cookie, Authorization, Origin, *',
    });
    const { headers } = await answer(shared, get({ origin: 'https://evil.example' }), identity);
    expect(headers.Vary).toBe('Cookie, Authorization, Origin, *');
    expect(headers).not.toHaveProperty('Access-Control-Allow-Origin');
  });
});

describe('Endpoint.respond', () => {
  it.each([
    ['a client that does not send Sec-Fetch-Site', {}],
    ['the same origin', { 'sec-fetch-site': 'same-origin' }],
    ['the same site', { 'sec-fetch-site': 'same-site' }],
    ['the address bar', { 'sec-fetch-site': 'none' }],
    ['an allowed origin', { 'sec-fetch-site': 'cross-site', origin: SHOP }],
  ])('allows a request from %s', async (_name, headers) => {
    const requests = [get(headers), { headers }, { method: 'HEAD', headers: new Headers(headers) }];
    for (const request of requests) expect((await answer(shared, request, identity)).status).toBe(200);
  });

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    [
      'another site with an Origin header',
      { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    ],
    [
      'an origin that begins with an allowed origin',
      { 'sec-fetch-site': 'cross-site', origin: `${SHOP}.evil` },
    ],
    ['an opaque origin', { 'sec-fetch-site': 'cross-site', origin: 'null' }],
    ['a client with an unknown Sec-Fetch-Site', { 'sec-fetch-site': 'same-galaxy' }],
    ['a client with an empty Sec-Fetch-Site', { 'sec-fetch-site': '' }],
    ['a client with two Sec-Fetch-Site headers', { 'sec-fetch-site': ['same-origin', 'cross-site'] }],
  ])('responds with 403 to a request from %s, without calling identify', async (_name, headers) => {
    const reply = await refusal(shared, { method: 'GET', headers });
    expect(reply).toMatchObject({ status: 403, headers: { 'Cache-Control': 'private, no-store' } });
    expect(reply.headers).not.toHaveProperty('Access-Control-Allow-Origin');
    expect(JSON.parse(reply.body)).toMatchObject({ status: 403, title: 'Forbidden' });
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PURGE', 'get'])(
    'responds with 405 to the method %s, without calling identify',
    async (method) => {
      const reply = await refusal(own, { method, headers: {} });
      expect(reply).toMatchObject({
        status: 405,
        headers: { Allow: 'GET, HEAD', 'Cache-Control': 'private, no-store' },
      });
      expect(JSON.parse(reply.body)).toMatchObject({ status: 405, title: 'Method Not Allowed' });
    },
  );

  it('responds with 204 to a preflight from an allowed origin, and with 405 to any other preflight', async () => {
    const preflight = (origin: string) => refusal(shared, { method: 'OPTIONS', headers: { origin } });
    expect(await preflight(SHOP)).toEqual({
      status: 204,
      headers: {
        'Cache-Control': 'private, no-store',
        Vary: 'Cookie, Authorization, Origin',
        'X-Content-Type-Options': 'nosniff',
        'Access-Control-Allow-Origin': SHOP,
        'Access-Control-Allow-Credentials': 'true',
        'Access-Control-Allow-Methods': 'GET, HEAD',
        'Access-Control-Allow-Headers': 'Authorization',
      },
      body: '',
    });
    expect((await preflight('https://evil.example')).status).toBe(405);
  });
});

describe('createEndpoint', () => {
  it.each([
    '*',
    'https://*.example.com',
    'null',
    'capacitor://localhost/',
    'file://',
    'shop.example.com',
    `${SHOP}/`,
    `${SHOP}/page`,
    'https://SHOP.example.com',
    `${SHOP}:443`,
  ])('throws for the allowed origin %s, with an example of a valid origin', (origin) => {
    const call = () => createEndpoint([origin]);
    expect(call).toThrow(TypeError);
    expect(call).toThrow(`allowedOrigins: ${JSON.stringify(origin)} is not an origin`);
    expect(call).toThrow('"https://shop.example.com"');
  });

  it.each(['capacitor://localhost', 'ionic://localhost', 'tauri://localhost', 'http://localhost:5173'])(
    'accepts the allowed origin %s',
    async (origin) => {
      const endpoint = createEndpoint([origin]);
      const request = { headers: { origin, 'sec-fetch-site': 'cross-site' } };
      const reply = await answer(endpoint, request, identity);
      expect(reply).toMatchObject({ status: 200, headers: { 'Access-Control-Allow-Origin': origin } });
    },
  );

  it.each([SHOP, null, { origin: SHOP }])(
    'throws if allowedOrigins is %j, with an example of a valid array',
    (origins) => {
      const call = () => createEndpoint(origins as never);
      expect(call).toThrow(TypeError);
      expect(call).toThrow(
        'allowedOrigins must be an array of origins, for example ["https://shop.example.com"].',
      );
    },
  );
});

describe('Endpoint.respond', () => {
  const accept = 'application/vnd.chatwoot-identity+json, application/json';

  it('returns 204 instead of 401 to the page script, because browsers log every 4xx response', async () => {
    const { status, headers, body } = await answer(createEndpoint(), { headers: { accept } }, null);
    expect([status, body]).toEqual([204, '']);
    expect(headers).toEqual({
      'Cache-Control': 'private, no-store',
      Vary: 'Cookie, Authorization',
      'X-Content-Type-Options': 'nosniff',
    });
  });

  it("repeats the page script's nonce, so that the script can recognise a cached response", async () => {
    const accept = 'application/vnd.chatwoot-identity+json;nonce=12ab, application/json';
    const endpoint = createEndpoint([SHOP]);
    const { headers } = await answer(endpoint, { headers: { accept } }, null);
    expect(headers).toHaveProperty('Chatwoot-Identity-Nonce', '12ab');
    expect(headers).not.toHaveProperty('Access-Control-Expose-Headers');
    expect((await answer(endpoint, { headers: { accept, origin: SHOP } }, null)).headers).toMatchObject({
      'Access-Control-Expose-Headers': 'Chatwoot-Identity-Nonce',
    });
    const hostile = { accept: `${accept.replace('12ab', '12ab\r\nX: y')}` };
    expect((await answer(endpoint, { headers: hostile }, null)).headers).not.toHaveProperty(
      'Chatwoot-Identity-Nonce',
    );
  });

  it('returns 401 for an anonymous visitor to clients other than the page script', async () => {
    expect((await answer(createEndpoint(), { headers: { accept: 'application/json' } }, null)).status).toBe(
      401,
    );
  });

  it('allows an allowed origin to send additional request headers', async () => {
    const request = {
      method: 'OPTIONS',
      headers: { origin: SHOP, 'access-control-request-headers': 'authorization,x-csrf-token' },
    };
    expect(await refusal(createEndpoint([SHOP]), request)).toMatchObject({
      status: 204,
      headers: { 'Access-Control-Allow-Headers': 'authorization,x-csrf-token' },
    });
  });
});
