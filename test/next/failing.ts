import { describe, expect, test } from 'vitest';
import { type Site, tokens } from './site.js';

/** Pages and routes whose `contact` or `inbox` fails, and components that receive the HMAC token. */
export function failingTests(site: () => Site): void {
  describe('errors', () => {
    const get = (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
      fetch(site().url + path, init);

    test.each(['contact', 'inbox'])(
      "an error of a 'use cache' function in `%s` calls onError, and the page is sent without the chat",
      async (name) => {
        const response = await get(`/failing/${name}`, { headers: { 'x-visit': 'a page' } });
        const page = await response.text();
        expect(response.status).toBe(200);
        expect(page).toContain('The page');
        expect(page).not.toMatch(/E\{\\"digest|[0-9a-f]{64}/);
        await site().server.until(`onError of ${name} for a page`);
      },
    );

    test.each(['contact', 'inbox'])(
      'a failing `%s`: the route handler answers 500, calls onError and logs the error',
      async (name) => {
        const headers = { 'x-visit': 'the route' };
        const response = await get(`/failing/${name}/identity`, { headers });
        expect(response.status).toBe(500);
        expect(response.headers.get('cache-control')).toBe('private, no-store');
        expect(await response.json()).toMatchObject({
          status: 500,
          detail: "The identity could not be determined. The error is in the server's log.",
        });
        await site().server.until(`onError of ${name} for the route`);
        await site().server.until('chatwoot-identity: the identity endpoint responded with status 500.');
      },
    );

    test('identity() throws the error of `contact` and calls onError', async () => {
      const headers = { 'x-visit': 'a call' };
      expect((await get('/failing/contact/call', { headers })).status).toBe(500);
      await site().server.until('onError of contact for a call');
    });

    test('redirect() in `contact` redirects and is not an error', async () => {
      const headers = { 'x-visit': 'a redirect' };
      const page = await get('/failing/redirect', { headers, redirect: 'manual' });
      expect((page.headers.get('location') ?? '') + (await page.text())).toContain('/shop/static');
      for (const path of ['/failing/redirect/identity', '/failing/redirect/call']) {
        const response = await get(path, { headers, redirect: 'manual' });
        expect([response.status, response.headers.get('location')]).toEqual([
          307,
          expect.stringContaining('/static'),
        ]);
      }
      expect(site().server.log).not.toContain('onError of redirect');
    });

    test('an onError that throws does not break the page', async () => {
      expect(await (await get('/failing/onError')).text()).toContain('The page');
      await site().server.until('chatwoot-identity: onError failed.');
    });

    test.each(['chatwoot', 'chatwoot-url', 'widget', 'widget-row'])(
      'a component that receives the whole inbox sends no HMAC token to the browser: %s',
      async (how) => {
        for (const headers of [{}, { rsc: '1' }]) {
          const response = await get(`/spread/${how}`, { headers: { cookie: 'who=alice', ...headers } });
          expect(await response.text()).not.toContain(tokens.hmacToken);
        }
        if (how !== 'widget-row') await site().server.until('was given hmacToken');
      },
    );
  });
}
