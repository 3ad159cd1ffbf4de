import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { chatwootIdentity } from '@chatwoot-identity/express';
import express, { type Request, type Response } from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, ask } from '../support/http.js';
import { INBOX } from '../support/inbox.js';
import { findMarkup, PLAIN } from '../support/markup.js';
import { cachingProxies } from './proxy.js';

/** Headers that let caches store a page. */
const KEEP = {
  'cache-control': 'public, max-age=600, s-maxage=600',
  expires: 'Sat, 21 Nov 2099 10:00:00 GMT',
  'x-accel-expires': '600',
  'surrogate-control': 'max-age=600',
  etag: '"page"',
  'last-modified': 'Sat, 21 Nov 2026 10:00:00 GMT',
};
const VALIDATORS = { 'if-none-match': KEEP.etag, 'if-modified-since': KEEP['last-modified'] };

const folder = mkdtemp(join(tmpdir(), 'page-'));
afterAll(async () => rm(await folder, { recursive: true }));

/**
 * The pages of the app, each sent in a different way. All pages except `silent` have headers that let caches store
 * them. `silent` has no caching header, and the proxies store it anyway.
 */
const pages: Record<string, (res: Response, html: string) => unknown> = {
  send: (res, html) => res.set(KEEP).send(html),
  silent: (res, html) => res.send(html),
  write(res, html) {
    res.set(KEEP).type('html').write(html.slice(0, 40));
    res.end(html.slice(40));
  },
  pipe: (res, html) => Readable.from([html]).pipe(res.set(KEEP).type('html')),
  async file(res, html) {
    const file = join(await folder, 'page.html');
    await writeFile(file, html);
    res.set(KEEP).sendFile(file);
  },
  head: (res, html) => res.writeHead(200, { ...KEEP, 'content-type': 'text/html' }).end(html),
  async placed(res, html) {
    const chat = (await res.locals.chatwootIdentity?.()) ?? '';
    res.set(KEEP).send(html.replace('</body>', `${chat}</body>`));
  },
};

/** Creates an app with a session cookie. Each page contains the number of pages that the app has rendered so far. */
function shop(inject: true | 'inline' | undefined) {
  const app = express();
  let made = 0;
  const contact = async (req: Request) => {
    const user = /session=(\w+)/.exec(req.headers.cookie ?? '')?.[1];
    return user && { identifier: user };
  };
  if (inject) app.use(chatwootIdentity({ inbox: INBOX, contact, inject }));
  app.get('/:page', (req, res) => {
    made++;
    pages[req.params.page]!(res, PLAIN.replace('Hello', `Made ${made}`));
  });
  return { app, made: () => made };
}

const as = (user: string | undefined, headers: http.OutgoingHttpHeaders = {}) => ({
  headers: { ...(user && { cookie: `session=${user}` }), accept: 'text/html', ...headers },
});

/** Returns the user of the identity in a page: null for an anonymous visitor, undefined if there is no identity. */
function identifierIn({ body }: Answer): string | null | undefined {
  const { identity } = (findMarkup(body)?.data ?? {}) as { identity?: { identifier: string } | null };
  return identity ? identity.identifier : identity;
}

describe.each(cachingProxies.map((proxy) => [proxy.name, proxy] as const))(
  'behind %s,',
  (_name, { start }) => {
    let app: http.RequestListener;
    let proxy: Awaited<ReturnType<typeof start>>;
    const origin = http.createServer((req, res) => app(req, res));
    let tests = 0;
    /**
     * Returns the address of a page at the proxy. The query differs in each test, so that the proxy never serves a
     * response that it stored in another test.
     */
    const at = (page: string) => `${proxy.url}/${page}?${tests}`;

    beforeAll(async () => {
      await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
      proxy = await start(`http://127.0.0.1:${(origin.address() as AddressInfo).port}`);
    });
    afterAll(async () => {
      await proxy?.stop();
      origin.closeAllConnections();
      origin.close();
    });

    function serve(inject: Parameters<typeof shop>[0]): ReturnType<typeof shop> {
      const served = shop(inject);
      app = served.app;
      tests++;
      return served;
    }

    test.each(Object.keys(pages))(
      'without the middleware, users A and B get the same cached page (page: %s)',
      async (page) => {
        const { made } = serve(undefined);
        const a = await ask(at(page), as('a'));
        const b = await ask(at(page), as('b'));
        expect([a.status, b.body.equals(a.body), made()]).toEqual([200, true, 1]);
      },
    );

    describe("with inject: 'inline',", () => {
      test.each(Object.keys(pages))('user B never gets the identity of user A (page: %s)', async (page) => {
        serve('inline');
        const a = await ask(at(page), as('a'));
        // The page `placed` uses the template helper, which renders no identity.
        const expected = (user: string | null) => (page === 'placed' ? undefined : user);
        expect([a.status, identifierIn(a)]).toEqual([200, expected('a')]);
        for (const header of ['etag', 'last-modified', 'expires', 'age']) {
          expect(Number(a.headers[header] ?? 0), header).toBe(0);
        }
        for (const validators of [{}, VALIDATORS, { 'if-none-match': '*' }]) {
          const b = await ask(at(page), as('b', validators));
          expect([b.status, identifierIn(b), b.headers['cache-control']]).toEqual([
            200,
            expected('b'),
            'private, no-store',
          ]);
        }
        // Varnish compares this header with the page's `Date` and may respond with 304 within the same second. Such a
        // response contains no page.
        const dated = await ask(at(page), as('b', { 'if-modified-since': a.headers.date }));
        expect(dated.status === 304 ? dated.body.length : identifierIn(dated)).toBe(
          dated.status === 304 ? 0 : expected('b'),
        );
        for (const user of ['a', 'b', undefined, 'a']) {
          expect(identifierIn(await ask(at(page), as(user)))).toBe(expected(user ?? null));
        }
      });

      test.each(Object.keys(pages))(
        'user B gets a page with the identity of B after a HEAD request of user A (page: %s)',
        async (page) => {
          serve('inline');
          for (const [first, second] of ['ab', 'ba']) {
            const head = await ask(at(page), { method: 'HEAD', ...as(first) });
            expect([head.status, head.body.length, head.headers.etag]).toEqual([200, 0, undefined]);
            expect(identifierIn(await ask(at(page), as(second)))).toBe(
              page === 'placed' ? undefined : second,
            );
          }
        },
      );

      test('each user gets the right page in concurrent requests', async () => {
        serve('inline');
        const users = ['a', 'b', 'c', 'd'];
        const answers = await Promise.all(users.map((user) => ask(at('send'), as(user))));
        expect(answers.map(identifierIn)).toEqual(users);
      });

      test('user B does not get the page of user A while the app is down', async () => {
        serve('inline');
        expect(identifierIn(await ask(at('send'), as('a')))).toBe('a');
        app = (req) => req.socket.destroy();
        const b = await ask(at('send'), as('b'));
        expect(b.status).toBeGreaterThanOrEqual(500);
        expect(findMarkup(b.body)).toBeUndefined();
      });

      test('each user gets the right page after a page from before the roll-out has expired in the cache', async () => {
        serve(undefined);
        const before = app;
        // The proxy stores this page for only one second, so that the test can wait until it expires.
        app = (req, res) => {
          const setHeader = res.setHeader.bind(res);
          const short = {
            'cache-control': 'max-age=1',
            'x-accel-expires': '1',
            'surrogate-control': 'max-age=1',
          };
          res.setHeader = (name, value) =>
            name.toLowerCase() === 'expires'
              ? res
              : setHeader(name, short[name.toLowerCase() as keyof typeof short] ?? value);
          before(req, res);
        };
        const old = await ask(at('send'), as('a'));
        app = shop('inline').app;
        const answers: Answer[] = [];
        do answers.push(await ask(at('send'), as('b', VALIDATORS)));
        while (identifierIn(answers.at(-1)!) === undefined);
        expect(answers.length).toBeGreaterThan(1);
        expect(identifierIn(answers.pop()!)).toBe('b');
        for (const { status, body } of answers) expect(status === 304 || body.equals(old.body)).toBe(true);
        expect(identifierIn(await ask(at('send'), as('a', VALIDATORS)))).toBe('a');
      });
    });

    describe('with inject: true,', () => {
      test.each(Object.keys(pages))(
        'all users get the same cached page, and the endpoint returns the identity of each user (page: %s)',
        async (page) => {
          const { made } = serve(true);
          const copies = new Set<string>();
          for (const user of ['a', 'b']) {
            const { status, body } = await ask(at(page), as(user));
            copies.add(body.toString());
            expect([status, /identifier/.test(body.toString())]).toEqual([200, false]);
            const { identity_url } = findMarkup(body)!.data;
            const identity = await ask(`${proxy.url}${identity_url}`, as(user, { accept: '*/*' }));
            expect(JSON.parse(identity.body.toString())).toMatchObject({ identifier: user });
          }
          expect([copies.size, made()]).toEqual([1, 1]);
        },
      );

      test('user B gets a complete page after a HEAD request of user A', async () => {
        serve(true);
        const head = await ask(at('send'), { method: 'HEAD', ...as('a') });
        expect([head.status, head.body.length]).toEqual([200, 0]);
        expect(findMarkup((await ask(at('send'), as('b'))).body)).toBeDefined();
      });
    });

    test.each([true, 'inline'] as const)(
      'the endpoint returns the identity of the user who sent the request (inject: %s)',
      async (inject) => {
        serve(inject);
        const askAs = (user: string | undefined, method: string, headers = {}) =>
          ask(at('chatwoot/identity'), { method, ...as(user, { accept: '*/*', ...headers }) });
        for (const user of [undefined, 'a', 'b', 'a', undefined, 'b']) {
          const status = user ? 200 : 401;
          const head = await askAs(user, 'HEAD');
          expect([head.status, head.body.length]).toEqual([status, 0]);
          const { body, ...answer } = await askAs(user, 'GET', { ...VALIDATORS, 'if-none-match': '*' });
          expect([answer.status, answer.headers.etag]).toEqual([status, undefined]);
          expect(JSON.parse(body.toString()).identifier).toBe(user);
        }
      },
    );
  },
);
