import { createHmac } from 'node:crypto';
import { endpointAudits } from '@chatwoot-identity/diagnostics';
import { describe, expect, test } from 'vitest';
import type { App, Server } from './app.js';

/** The tokens of the app's inbox. */
export const tokens = { hmacToken: 'wyHVRZzzJhjPMKR2h7LpeJVy', websiteToken: 'aaaaaaaaaaaaaaaaaaaaaaaa' };

/** A running app. */
export interface Site {
  readonly app: App;
  readonly server: Server;
  /** The URL of the app, including the base path. */
  readonly url: string;
}

const hashOf = (identifier: string, key = tokens.hmacToken) =>
  createHmac('sha256', key).update(identifier).digest('hex');

/**
 * The ids of the audits that fail because of Next.js, by route. The 405 response of Next.js has no `Allow`
 * header and is not `application/problem+json`. headers() in next.config override `Cache-Control`.
 */
const ownWays: Readonly<Record<string, readonly string[]>> = {
  '/chatwoot/identity': ['allow', 'problem'],
  '/overridden/identity': ['allow', 'problem', 'no-store'],
  '/api/identity': [],
};

/** Tests the documented behaviour of each kind of route. */
export function siteTests(site: () => Site): void {
  describe('over HTTP,', () => {
    const get = (
      path: string,
      user?: string,
      init: RequestInit & { headers?: Record<string, string> } = {},
    ) =>
      fetch(site().url + path, {
        ...init,
        headers: { ...(user && { cookie: `who=${user}` }), ...init.headers },
      });

    test('the app is built without secrets and reads the secrets at run time', async () => {
      expect(await (await get('/chatwoot/identity', 'alice')).json()).toEqual({
        identifier: 'alice',
        identifier_hash: hashOf('alice'),
        name: 'Name of alice',
        email: 'alice@example.com',
      });
    });

    test('if the environment has no inbox, the endpoint responds with 500 and only the log contains the reason', async () => {
      const bare = await site().app.start();
      const response = await fetch(`${bare.url}/shop/chatwoot/identity`, {
        headers: { cookie: 'who=alice' },
      });
      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain('hmacToken');
      expect(bare.log).toContain('inbox.hmacToken must be a string and is undefined');
      await bare.close();
    });

    describe.each(Object.keys(ownWays))('%s', (path) => {
      const audits = () =>
        endpointAudits({
          url: (site()?.url ?? 'http://127.0.0.1') + path,
          session: { cookie: 'who=alice' },
          hmacToken: tokens.hmacToken,
        });

      test.each(audits().map(({ name, id }) => [name, id]))('%s', async (_name, id) => {
        const audit = audits()
          .find((each) => each.id === id)!
          .run();
        if (ownWays[path]!.includes(id!)) await expect(audit).rejects.toThrow();
        else await audit;
      });

      const pages = path.startsWith('/api');
      const overridden = path.startsWith('/overridden');

      test('sends headers that forbid caching', async () => {
        for (const user of ['alice', undefined]) {
          const { headers } = await get(path, user);
          // headers() in next.config override the headers of a route handler, but not those of an API route.
          expect(headers.get('cache-control')).toBe(
            overridden ? 'public, max-age=3600' : 'private, no-store',
          );
          expect(headers.get('cdn-cache-control')).toBe('no-store');
          expect(headers.get('surrogate-control')).toBe('no-store');
          // The compression of Next.js reduces a list that contains * to it.
          const expected = user ? ['*'] : ['cookie', 'authorization', 'origin'];
          expect(headers.get('vary')?.toLowerCase().split(/, */)).toEqual(expect.arrayContaining(expected));
          expect(headers.get('etag')).toBeNull();
          expect(headers.get('x-content-type-options')).toBe('nosniff');
          expect(headers.get('access-control-allow-origin')).toBeNull();
        }
      });

      test('responds with 401 to an anonymous visitor', async () => {
        const response = await get(path);
        expect(response.status).toBe(401);
        expect(response.headers.get('content-type')).toBe('application/problem+json');
        expect(await response.json()).toMatchObject({ status: 401, detail: 'No user is signed in.' });
      });

      test('responds with 403 to another site unless allowedOrigins contains the site', async () => {
        const crossSite = { 'sec-fetch-site': 'cross-site' };
        const refused = await get(path, 'alice', {
          headers: { ...crossSite, origin: 'https://evil.example.com' },
        });
        expect(refused.status).toBe(403);
        expect(refused.headers.get('access-control-allow-origin')).toBeNull();
        const allowed = await get(path, 'alice', {
          headers: { ...crossSite, origin: 'https://shop.example.com' },
        });
        expect(allowed.status).toBe(200);
        expect(allowed.headers.get('access-control-allow-origin')).toBe('https://shop.example.com');
        expect(allowed.headers.get('access-control-allow-credentials')).toBe('true');
      });

      test('responds to HEAD with the status of GET and no body', async () => {
        const whole = await get(path, 'alice');
        const head = await get(path, 'alice', { method: 'HEAD' });
        expect([head.status, await head.text()]).toEqual([200, '']);
        // Next.js removes the Content-Length of a route handler's response to HEAD.
        const length = pages ? String((await whole.text()).length) : null;
        expect(head.headers.get('content-length')).toBe(length);
      });

      test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('responds with 405 to the method %s', async (method) => {
        const response = await get(path, 'alice', { method });
        expect(response.status).toBe(405);
        expect(await response.text()).not.toContain(hashOf('alice'));
        // For a route handler, Next.js itself sends the 405 response, without an Allow header.
        expect(response.headers.get('allow')).toBe(pages ? 'GET, HEAD' : null);
      });

      test('responds to OPTIONS with the allowed methods', async () => {
        const response = await get(path, 'alice', { method: 'OPTIONS' });
        // For a route handler, Next.js itself responds to OPTIONS.
        expect(response.status).toBe(pages ? 405 : 204);
        expect(response.headers.get('allow')).toBe(pages ? 'GET, HEAD' : 'GET, HEAD, OPTIONS');
      });

      test('responds with 500 and hides the reason if the session cannot be read or the user has no id', async () => {
        for (const user of ['broken', 'without-id']) {
          const response = await get(path, user);
          expect(response.status).toBe(500);
          expect(await response.text()).not.toMatch(/session store|identifier/);
          // A route handler cannot override headers() in next.config. The CDN headers still forbid caching.
          expect(response.headers.get('cache-control')).toBe(
            overridden ? 'public, max-age=3600' : 'private, no-store',
          );
          expect(response.headers.get('cdn-cache-control')).toBe('no-store');
          expect(response.headers.get('surrogate-control')).toBe('no-store');
          if (pages) await site().server.until(`onError at ${path}`);
          else expect(response.headers.get('vary')?.toLowerCase()).toContain('cookie, authorization');
          if (!pages) expect(response.headers.get('content-type')).toBe('application/problem+json');
        }
        expect(site().server.log).toContain('the session store is down');
        expect(site().server.log).toContain('The identifier is undefined');
      });

      test('uses the identifier as the name of a user who has no name', async () => {
        expect(await (await get(path, 'nameless')).json()).toEqual({
          identifier: 'nameless',
          identifier_hash: hashOf('nameless'),
          name: 'nameless',
        });
      });

      test('takes the identifier only from the session', async () => {
        const response = await get(`${path}?identifier=bob&user=bob`, 'alice', {
          headers: { 'x-user': 'bob' },
        });
        expect(await response.json()).toMatchObject({
          identifier: 'alice',
          identifier_hash: hashOf('alice'),
        });
      });
    });

    test('the endpoint signs with the inbox that the inbox function returns for the request', async () => {
      for (const tenant of ['one', 'two']) {
        const response = await get('/tenant', undefined, { headers: { 'x-tenant': tenant } });
        expect(await response.json()).toMatchObject({ identifier_hash: hashOf('alice', `key of ${tenant}`) });
      }
    });

    test('identity() returns the identity in a server component', async () => {
      expect(await (await get('/component', 'alice')).text()).toContain(hashOf('alice'));
      expect(await (await get('/component')).text()).toContain('<pre>null</pre>');
    });

    test('identity() returns the identity in a server action', async () => {
      const page = await (await get('/action', 'alice')).text();
      const form = new FormData();
      for (const [, name] of page.matchAll(/name="(\$ACTION[^"]*)"/g)) form.set(name!, '');
      const response = await get('/action', 'alice', { method: 'POST', body: form });
      expect(response.headers.get('set-cookie')).toContain(`acted=${hashOf('alice')}`);
    });

    test('identity() passes contact the cookies that a server action has set, in the render after the action', async () => {
      const jar = { headers: { cookie: 'raw=a==; old=1; bad=%; who=alice; a=%41' } };
      const page = await (await get('/jar', undefined, jar)).text();
      expect(page).toContain('<pre>raw=a==; old=1; bad=%; who=alice; a=%41</pre>');
      const form = new FormData();
      for (const [, name] of page.matchAll(/name="(\$ACTION[^"]*)"/g)) form.set(name!, '');
      const response = await get('/jar', undefined, { ...jar, method: 'POST', body: form });
      expect(await response.text()).toContain('<pre>raw=a==; bad=%; a=%41; who=b%20ob</pre>');
    });

    test('identity() returns the identity in a callback of after()', async () => {
      await (await get('/after', 'alice')).text();
      await site().server.until('after: alice');
    });

    test('<Chatwoot /> passes the identity to a client component as a prop', async () => {
      const page = await (await get('/dynamic', 'alice')).text();
      expect(page).toContain(hashOf('alice'));
      expect(page).toContain(tokens.websiteToken);
      const anonymous = await (await get('/dynamic')).text();
      expect(anonymous).toContain(tokens.websiteToken);
      expect(anonymous).not.toMatch(/[0-9a-f]{64}/);
    });

    test.each(['broken', 'without-id'])('a page is sent even if <Chatwoot /> fails (%s)', async (user) => {
      const response = await get('/dynamic', user);
      const page = await response.text();
      expect(response.status).toBe(200);
      expect(page).toContain('The page');
      expect(page).not.toMatch(/E\{\\"digest|[0-9a-f]{64}/);
      await site().server.until('a page was sent without the chat');
    });

    test('a page with <Chatwoot /> has Cache-Control: no-store, unless headers() in next.config override the header', async () => {
      expect((await get('/dynamic', 'alice')).headers.get('cache-control')).toContain(
        'private, no-cache, no-store',
      );
      // Code in a page cannot set a header, as docs/nextjs.md explains.
      expect((await get('/overridden', 'alice')).headers.get('cache-control')).toBe('public, max-age=3600');
    });

    test('a static page with the widget remains static', async () => {
      const { headers } = await get('/static', 'alice');
      expect(headers.get('x-nextjs-cache') ?? headers.get('x-nextjs-prerender')).toBeTruthy();
      expect(await site().app.filesWith('The page', '.next/server/app')).not.toEqual([]);
    });

    test('getServerSideProps returns the identity, and the page has headers that forbid caching', async () => {
      const response = await get('/legacy', 'alice');
      expect(await response.text()).toContain(hashOf('alice'));
      expect(response.headers.get('cache-control')).toBe('private, no-store');
      expect(response.headers.get('cdn-cache-control')).toBe('no-store');
      expect(response.headers.get('etag')).toBeNull();
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
      expect(await (await get('/legacy')).text()).toContain('<pre>null</pre>');
      const failed = await get('/legacy', 'broken');
      expect([failed.status, failed.headers.get('cache-control')]).toEqual([500, 'private, no-store']);
      await site().server.until('onError at /legacy');
    });
  });
}
