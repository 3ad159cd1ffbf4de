import { once } from 'node:events';
import http from 'node:http';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ask as askEndpoint, testRows } from '../endpoint/conformance.js';
import { ENDPOINT, MIDDLEWARE } from '../endpoint/table.js';
import { describeInjection, INBOX, NAVIGATION } from '../injection/battery.js';
import { findMarkup, injectionCases, PLAIN } from '../injection/cases.js';
import { type Answer, ask } from '../injection/http.js';
import { type Running, start } from './start.js';

const ROWS = [...ENDPOINT, ...MIDDLEWARE];

const RUNTIMES = ['bun', 'deno', 'workerd'] as const;

test.each(RUNTIMES)('%s is installed', (runtime) => {
  expect(inject('runtimes')[runtime]).toEqual({ program: expect.any(String) });
});

describe.each(RUNTIMES)('%s', (runtime) => {
  let server: Running;
  beforeAll(async () => {
    server = await start(runtime);
  });
  afterAll(() => server?.stop());

  /** One request to an app of app.ts. */
  const answer = (app: string, { method = 'GET', headers = {} }: http.RequestOptions = {}): Promise<Answer> =>
    ask(server.url, { method, headers: { ...(headers as http.OutgoingHttpHeaders), 'x-app': app } });
  const page = (app: string, headers: http.OutgoingHttpHeaders = {}) =>
    answer(app, { headers: { ...NAVIGATION, ...headers } });

  describe('the endpoint', () => {
    testRows(
      ROWS,
      async (row, use) => {
        const index = Math.max(ROWS.indexOf(row as never), 0); // the first row has no options of its own
        const result = await use(({ headers, ...asked }) =>
          askEndpoint(server.url, { ...asked, headers: { ...headers, 'x-app': `row ${index}` } }),
        );
        return { answer: result, told: JSON.parse(String((await answer('told')).body)) };
      },
      () => server.log(),
    );
  });

  describeInjection(
    'the injection',
    (page, inject, request) => answer(`case ${injectionCases.indexOf(page)} ${inject ?? 'alone'}`, request),
    'server',
  );

  test('hands the context over', async () => {
    const { body } = await page('context');
    expect(findMarkup(body)?.data.identity).toMatchObject({ identifier: 'user-7' });
  });

  test('keeps the status, its text and each Set-Cookie of a page', async () => {
    const { status, headers, body } = await page('cookies');
    expect(status).toBe(418);
    expect(headers['set-cookie']).toEqual(
      ['a', 'b'].map((name) => `${name}=1; Expires=Fri, 01 Jan 2100 00:00:00 GMT`),
    );
    expect(findMarkup(body)?.without.toString()).toBe(PLAIN);
  });

  test('a page with a logout is anonymous, and expires the cookies of the widget', async () => {
    const { headers, body } = await page('logout', { cookie: `cw_user_${INBOX.websiteToken}=1` });
    expect(findMarkup(body)?.data.identity).toBeNull();
    const names = headers['set-cookie']?.map((cookie) => cookie.split('=')[0]);
    expect(new Set(names)).toEqual(new Set(['cw_conversation', `cw_user_${INBOX.websiteToken}`]));
  });

  test('the present page is confirmed by 304, and one without the chat is sent again', async () => {
    const { etag } = (await page('tagged')).headers;
    expect(etag).toMatch(/^"page-cw[0-9a-f]{8}"$/);
    const again = await page('tagged', { 'if-none-match': etag });
    expect([again.status, again.headers.etag]).toEqual([304, etag]);
    expect((await page('tagged', { 'if-none-match': '"page"' })).status).toBe(200);
  });

  test('a response of fetch(), whose headers are immutable, gets the chat', async () => {
    const { headers, body } = await page('proxied');
    expect(headers.etag).toMatch(/^"page-cw[0-9a-f]{8}"$/);
    expect(findMarkup(body)?.without.toString()).toBe(PLAIN);
  });

  test('a stream is read only as fast as the client takes it, and cancelled when the client goes away', async () => {
    const request = http.get(server.url, { agent: false, headers: { ...NAVIGATION, 'x-app': 'endless' } });
    request.on('error', () => {});
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    response.on('error', () => {});
    await once(response, 'readable');
    // Nothing is read any more, so the app is asked for no more than fits into the buffers on the way.
    let before = -1;
    await expect
      .poll(async () => {
        const pulled = Number((await answer('endless: pulled')).body);
        const stopped = pulled === before;
        before = pulled;
        return stopped;
      })
      .toBe(true);
    expect(before).toBeLessThan(64 * 1024 * 1024);
    request.destroy();
    expect(String((await answer('endless: cancelled')).body)).toBe('cancelled');
  });
});
