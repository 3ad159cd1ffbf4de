import { describe, expect, test } from 'vitest';
import { type Site, tokens } from './site.js';

/** Tests failures of `contact` and `inbox`, and components that receive the HMAC token by mistake. */
export function failingTests(site: () => Site): void {
  describe('if an error occurs,', () => {
    const get = (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
      fetch(site().url + path, init);

    test.each(['contact', 'inbox'])(
      "a page is sent without the chat if a 'use cache' function in `%s` fails, and onError is called",
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
      'a route handler responds with 500, calls onError and logs the error of `%s`',
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

    test('redirect() in `contact` is not treated as an error', async () => {
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

    test('an exception in onError does not prevent the page from being sent', async () => {
      expect(await (await get('/failing/onError')).text()).toContain('The page');
      await site().server.until('chatwoot-identity: onError failed.');
    });

    test.each(['chatwoot', 'chatwoot-url', 'widget', 'widget-row'])(
      'a component that receives the whole inbox does not send the HMAC token to the browser (%s)',
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
