import { once } from 'node:events';
import http from 'node:http';
import { expect, test } from 'vitest';
import { type Answer, ask, NAVIGATION } from '../support/http.js';
import { INBOX } from '../support/inbox.js';
import { findMarkup, PLAIN } from '../support/markup.js';

/**
 * Tests of a server that serves app.ts.
 *
 * @param endsRequests true if the runtime ends all work for a client that has gone away, so that no code can observe it
 */
export function testServer(url: () => string, endsRequests = false): void {
  const answer = (app: string, headers: http.OutgoingHttpHeaders = {}): Promise<Answer> =>
    ask(url(), { headers: { ...headers, 'x-app': app } });
  const page = (app: string, headers: http.OutgoingHttpHeaders = {}) =>
    answer(app, { ...NAVIGATION, ...headers });

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

  test('a write that is guarded by the tag of the page reaches the app with its own tag, and whole', async () => {
    const body = 'name=Ada&'.repeat(100_000);
    for (const [tag, status] of [
      ['"page-cw01234567"', 200],
      ['"page"', 200],
      ['"old-cw01234567"', 412],
    ] as const) {
      const headers = { 'if-match': tag, 'x-app': 'guarded' };
      const response = await fetch(url(), { method: 'PUT', headers, body });
      expect(response.status).toBe(status);
      expect(await response.text()).toBe(status === 200 ? body : '"old"');
    }
  });

  test('a response of fetch(), whose headers are immutable, gets the chat', async () => {
    const { headers, body } = await page('proxied');
    expect(headers.etag).toMatch(/^"page-cw[0-9a-f]{8}"$/);
    expect(findMarkup(body)?.without.toString()).toBe(PLAIN);
  });

  test('a stream is read only as fast as the client takes it, and cancelled when the client goes away', async () => {
    const request = http.get(url(), { agent: false, headers: { ...NAVIGATION, 'x-app': 'endless' } });
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

  if (endsRequests) return;

  test('a stream is cancelled if the client goes away before its first byte', async () => {
    const request = http.get(url(), { agent: false, headers: { ...NAVIGATION, 'x-app': 'silent' } });
    request.on('error', () => {});
    const state = async () => JSON.parse(String((await answer('silent: state')).body));
    await expect.poll(state).toMatchObject({ asked: true });
    request.destroy();
    await expect.poll(state).toMatchObject({ cancelled: true });
  });
}
