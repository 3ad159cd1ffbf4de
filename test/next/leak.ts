import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, buildTimeout, type Cell, createApp, type Files, type Server } from './app.js';
import { leakApp, leakRoutes, type Route } from './leak-routes.js';

const hmacToken = 'wyHVRZzzJhjPMKR2h7LpeJVy';
const users = ['alice', 'bob', 'builder'];
const hashOf = (user: string) => createHmac('sha256', hmacToken).update(user).digest('hex');

/** Finds identities in a text, and returns their users. */
const seenIn = (text: string) => users.filter((user) => text.includes(hashOf(user)));

const everyError =
  'experimental: { useCache: true, prerenderEarlyExit: false, turbopackFileSystemCacheForBuild: false }';

async function appOf(name: string, cell: Cell, routes: readonly Route[]): Promise<App> {
  const proxy = cell.next ? 'middleware' : 'proxy'; // proxy.js was called middleware.js before Next.js 16
  const files = Object.assign({}, ...routes.map(({ files }) => files)) as Files;
  return createApp(name, cell, { ...leakApp(hmacToken, proxy), ...files }, [everyError]);
}

/**
 * Returns true for combinations in which the test builds routes that must fail. Such a build fails while Next.js
 * prerenders, which does not depend on the bundler. One bundler for each mode and release is therefore enough.
 */
const failsBuilds = ({ bundler, next }: Cell) => bundler === 'turbopack' || next !== undefined;

/** Tests that pages and handlers never serve one user's identity to another, in all caching configurations. */
export function leakTests(cell: Cell): void {
  const routes = leakRoutes(cell.mode);
  const fated = (fate: Route['fate']) => routes.filter((route) => route.fate === fate);

  const pathsOf = (fate: Route['fate']) => fated(fate).map(({ path }) => path);

  describe(`pages and handlers with caching options (${cell.next ?? cell.bundler}, ${cell.mode}):`, () => {
    let server: Server;

    beforeAll(async () => {
      const app = await appOf('leak', cell, [...fated('own'), ...fated('refused')]);
      const { ok, log } = await app.build({ BUILD_USER: 'builder' });
      expect(ok, log).toBe(true);
      expect(await app.filesWith(hmacToken, '.next/static')).toEqual([]);
      expect(await app.filesWith(hashOf('builder'), '.next')).toEqual([]);
      server = await app.start();
    }, buildTimeout);
    afterAll(() => server?.close());

    const visit = async (path: string, user?: string, cookie = '') => {
      const headers = { cookie, ...(user && { 'x-user': user }) };
      const response = await fetch(server.url + path, { headers });
      const text = await response.text();
      // After the headers have been sent, the status cannot become 500. React then writes the digest of the error instead.
      const failed = response.status === 500 || /E\{\\"digest\\"/.test(text);
      return { seen: seenIn(text), failed };
    };
    const visits = async (path: string) => [
      await visit(path, 'alice'),
      await visit(path, 'bob'),
      await visit(path),
      await visit(path, 'bob'),
    ];

    test.each(pathsOf('own'))('%s sends each visitor only the identity of that visitor', async (path) => {
      const answers = await visits(path);
      expect(answers.map(({ seen }) => seen)).toEqual([['alice'], ['bob'], [], ['bob']]);
    });

    test.each(pathsOf('refused'))('%s fails for all visitors', async (path) => {
      for (const answer of await visits(path)) expect(answer).toEqual({ seen: [], failed: true });
    });

    test('a page that is rendered again after revalidatePath() contains no identity', async () => {
      for (const path of pathsOf('refused')) {
        await fetch(`${server.url}/revalidate`, { method: 'POST', body: path });
        for (const user of ['alice', 'bob', undefined]) expect((await visit(path, user)).seen).toEqual([]);
      }
    });

    test('a page that is rendered in draft mode is not stored for other visitors', async () => {
      const { headers } = await fetch(`${server.url}/draft`, { method: 'POST' });
      const draft = headers
        .getSetCookie()
        .map((line) => line.split(';')[0])
        .join('; ');
      expect(draft).toContain('__prerender_bypass');
      for (const path of [...pathsOf('own'), ...pathsOf('refused')]) {
        expect(['', 'alice']).toContain((await visit(path, 'alice', draft)).seen.join());
        expect(['', 'bob']).toContain((await visit(path, 'bob')).seen.join());
        expect((await visit(path)).seen).toEqual([]);
      }
    });

    test('identity() rejects in instrumentation.js, which has no request', async () => {
      await server.until('instrumentation: refused');
      expect(server.log).not.toContain('instrumentation: signed in');
    });

    if (failsBuilds(cell)) {
      test(
        'a static page or handler makes the build fail',
        async () => {
          const app = await appOf('leak-build', cell, fated('build error'));
          const { ok, log } = await app.build({ BUILD_USER: 'builder' });
          expect(ok).toBe(false);
          for (const path of pathsOf('build error')) expect(log).toContain(path);
          expect(await app.filesWith(hmacToken, '.next/static')).toEqual([]);
          expect(await app.filesWith(hashOf('builder'), '.next')).toEqual([]);
        },
        buildTimeout,
      );
    }
  });
}
