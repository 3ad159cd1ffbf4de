import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type RequestLike, readToken, type TokenPlace } from './request.js';

const inHeader: TokenPlace = { header: 'authorization', cookie: undefined };
const inCookie: TokenPlace = { header: undefined, cookie: 'session' };
const inBoth: TokenPlace = { header: 'authorization', cookie: 'session' };

const web = (headers: Record<string, string>) => new Request('http://app.test/', { headers });

/** Sends a request with the given header lines. Returns the request as Node parses it. */
async function nodeRequest(...lines: string[]): Promise<IncomingMessage> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(['GET / HTTP/1.1', 'Host: app.test', ...lines, '', ''].join('\r\n'));
  const [req] = (await once(server, 'request')) as [IncomingMessage];
  socket.destroy();
  server.close();
  return req;
}

describe('readToken', () => {
  it.each([
    ['Bearer abc', 'abc'],
    ['bearer abc', 'abc'],
    ['BEARER   abc', 'abc'],
    ['Basic YTpi', undefined],
    ['abc', undefined],
    ['Bearer', undefined],
    ['Bearerabc', undefined],
  ])(
    'extracts a bearer token, if there is one, from the header "Authorization: %s"',
    (authorization, token) => {
      expect(readToken(web({ authorization }), inHeader)).toBe(token);
      expect(readToken({ headers: { authorization } }, inHeader)).toBe(token);
    },
  );

  it('reads a custom header with and without "Bearer"', () => {
    const place = { header: 'cf-access-jwt-assertion', cookie: undefined };
    expect(readToken(web({ 'Cf-Access-Jwt-Assertion': 'abc' }), place)).toBe('abc');
    expect(readToken(web({ 'Cf-Access-Jwt-Assertion': 'Bearer abc' }), place)).toBe('abc');
  });

  it('reads the header first, and the cookie if the header contains no token', () => {
    expect(readToken(web({ authorization: 'Bearer a', cookie: 'session=b' }), inBoth)).toBe('a');
    expect(readToken(web({ authorization: 'Basic YTpi', cookie: 'session=b' }), inBoth)).toBe('b');
    expect(readToken(web({ cookie: 'session=b' }), inBoth)).toBe('b');
  });

  it('does not read a header or a cookie that the options do not name', () => {
    expect(readToken(web({ cookie: 'session=b' }), inHeader)).toBeUndefined();
    expect(readToken(web({ authorization: 'Bearer a' }), inCookie)).toBeUndefined();
  });

  it('reads the header and the cookie chunks of a node:http request', async () => {
    const req = await nodeRequest(
      'AUTHORIZATION: Bearer abc',
      'Cookie: a=1',
      'Cookie: session.0=d; session.1=e',
    );
    expect(readToken(req, inHeader)).toBe('abc');
    expect(readToken(req, inCookie)).toBe('de');
  });

  it('reads the token of a request with headers named "get" and "then"', async () => {
    const req = await nodeRequest('get: x', 'then: y', 'Authorization: Bearer abc');
    expect(readToken(req, inHeader)).toBe('abc');
  });

  it('joins two Authorization headers into one invalid token, as the Fetch API does', async () => {
    const headers = new Headers({ authorization: 'Bearer a' });
    headers.append('authorization', 'Bearer b');
    expect(readToken({ headers }, inHeader)).toBe('a, Bearer b');
    expect(readToken({ headers: { authorization: ['Bearer a', 'Bearer b'] } }, inHeader)).toBe('a, Bearer b');
    const req = await nodeRequest('Authorization: Bearer a', 'Authorization: Bearer b');
    expect(readToken(req, inHeader), 'Node ignores the second header').toBe('a');
  });

  it.each([
    ['undefined', undefined],
    ['a request without headers', {}],
    ['the promise of Next.js headers()', { headers: Promise.resolve(new Headers()) }],
  ])('throws request_invalid for %s', (_, request) => {
    expect(() => readToken(request as unknown as RequestLike, inHeader)).toThrow(
      expect.objectContaining({
        code: 'request_invalid',
        status: 500,
        message: expect.stringContaining('await headers()'),
      }),
    );
  });
});
