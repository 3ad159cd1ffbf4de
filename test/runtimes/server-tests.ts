import { once } from 'node:events';
import http from 'node:http';
import { expect, test } from 'vitest';
import { type Answer, ask, NAVIGATION } from '../support/http.js';
import { INBOX } from '../support/inbox.js';
import { findMarkup, PLAIN } from '../support/markup.js';

/**
 * Registers tests for a server that serves app.ts.
 *
 * @param endsRequests true if the runtime ends all work for a disconnected client, so that the app cannot observe it
 */
export function testServer(url: () => string, endsRequests = false): void {
  const answer = (app: string, headers: http.OutgoingHttpHeaders = {}): Promise<Answer> =>
    ask(url(), { headers: { ...headers, 'x-app': app } });
  const page = (app: string, headers: http.OutgoingHttpHeaders = {}) =>
    answer(app, { ...NAVIGATION, ...headers });

  test('passes the context to contact', async () => {
    const { body } = await page('context');
    expect(findMarkup(body)?.data.identity).toMatchObject({ identifier: 'user-7' });
  });

  test('preserves the status, the status text and each Set-Cookie of a page', async () => {
    const { status, headers, body } = await page('cookies');
    expect(status).toBe(418);
    expect(headers['set-cookie']).toEqual(
      ['a', 'b'].map((name) => `${name}=1; Expires=Fri, 01 Jan 2100 00:00:00 GMT`),
    );
    expect(findMarkup(body)?.without.toString()).toBe(PLAIN);
  });

  test("sends an anonymous page and expires the widget's cookies if the app logs out", async () => {
    const { headers, body } = await page('logout', { cookie: `cw_user_${INBOX.websiteToken}=1` });
    expect(findMarkup(body)?.data.identity).toBeNull();
    const names = headers['set-cookie']?.map((cookie) => cookie.split('=')[0]);
    expect(new Set(names)).toEqual(new Set(['cw_conversation', `cw_user_${INBOX.websiteToken}`]));
  });

  test('responds with 304 to the current entity tag, and with the page to the tag of a copy without the chat', async () => {
    const { etag } = (await page('tagged')).headers;
    expect(etag).toMatch(/^"page-cw[0-9a-f]{8}"$/);
    const again = await page('tagged', { 'if-none-match': etag });
    expect([again.status, again.headers.etag]).toEqual([304, etag]);
    expect((await page('tagged', { 'if-none-match': '"page"' })).status).toBe(200);
  });

  test("passes a conditional write to the app with the app's own entity tag and the whole body", async () => {
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

  test('injects the chat into a response of fetch(), whose headers are immutable', async () => {
    const { headers, body } = await page('proxied');
    expect(headers.etag).toMatch(/^"page-cw[0-9a-f]{8}"$/);
    expect(findMarkup(body)?.without.toString()).toBe(PLAIN);
  });

  test('reads a stream at the speed of the client, and cancels the stream when the client disconnects', async () => {
    const request = http.get(url(), { agent: false, headers: { ...NAVIGATION, 'x-app': 'endless' } });
    request.on('error', () => {});
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    response.on('error', () => {});
    await once(response, 'readable');
    // The client stops reading, so the app produces only the chunks that fit into the buffers.
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

  test('cancels a stream if the client disconnects before the first byte', async () => {
    const request = http.get(url(), { agent: false, headers: { ...NAVIGATION, 'x-app': 'silent' } });
    request.on('error', () => {});
    const state = async () => JSON.parse(String((await answer('silent: state')).body));
    await expect.poll(state).toMatchObject({ asked: true });
    request.destroy();
    await expect.poll(state).toMatchObject({ cancelled: true });
  });
}
