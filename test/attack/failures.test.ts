import { once } from 'node:events';
import http from 'node:http';
import { chatwootIdentity } from '@chatwoot-identity/express';
import express5, { type RequestHandler } from 'express';
import express4 from 'express4';
import { describe, expect, test } from 'vitest';
import { ADA } from '../support/ada.js';
import { ask, NAVIGATION, serving } from '../support/http.js';
import { INBOX } from '../support/inbox.js';
import { findMarkup, PLAIN } from '../support/markup.js';
import { type BuildApp, FETCH, FRAMEWORKS } from './frameworks.js';

describe.each([...FRAMEWORKS, FETCH])('%s', (_name, build) => {
  test.each([
    ['undefined', undefined],
    ["'route', which has a special meaning in Express", 'route'],
    ['null', null],
  ])(
    'responds with 500 and does not call the next handler if contact rejects with %s',
    async (_what, reason) => {
      const handled: unknown[] = [];
      const app = build({
        contact: () => Promise.reject(reason),
        respond: () => ({ headers: { 'cache-control': 'public, max-age=60' }, body: PLAIN }),
        handled: (error) => handled.push(error),
      });
      const answer = await serving(app, (url) => ask(`${url}/chatwoot/identity`));
      expect(answer.status).toBe(500);
      expect(answer.headers['cache-control']).toBe('private, no-store');
      expect(answer.body.toString()).not.toContain('<h1>');
      expect(handled).toEqual([expect.objectContaining({ code: 'contact_failed' })]);
    },
  );
});

test.each<[string, BuildApp, number]>([
  ...FRAMEWORKS.map(([name, build]): [string, BuildApp, number] => [name, build, 404]),
  [...FETCH, 500],
])('%s: the response to an error with a custom status cannot be cached', async (_name, build, status) => {
  const app = build({
    contact: () => Promise.reject(Object.assign(new Error('gone'), { status: 404 })),
    respond: () => ({}),
  });
  const answer = await serving(app, (url) => ask(`${url}/chatwoot/identity`));
  expect([answer.status, answer.headers['cache-control']]).toEqual([status, 'private, no-store']);
});

describe.each([
  ['Express 5', express5],
  ['Express 4', express4 as unknown as typeof express5],
])('%s', (_name, express) => {
  const page = (below: RequestHandler, contact: () => unknown, onError: (error: unknown) => void) => {
    const app = express();
    app.use(
      below,
      chatwootIdentity({ inbox: INBOX, contact: contact as () => null, inject: 'inline', onError }),
    );
    app.use((_req, res) => void res.send(PLAIN));
    return http.createServer(app);
  };

  test('reports an exception that end() of inner middleware throws after contact resolves', async () => {
    const rejections: unknown[] = [];
    const listen = (reason: unknown) => rejections.push(reason);
    process.on('unhandledRejection', listen);
    const reported: unknown[] = [];
    const failure = new Error('end failed');
    const below: RequestHandler = (_req, res, next) => {
      res.end = () => {
        throw failure;
      };
      next();
    };
    const app = page(
      below,
      async () => ADA,
      (error) => reported.push(error),
    );
    await serving(app, async (url) => {
      await expect(ask(url, { headers: NAVIGATION })).rejects.toThrow();
    });
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listen);
    expect([reported, rejections]).toEqual([[failure], []]);
  });

  test.each([
    ['a synchronous contact', () => ADA],
    ['an asynchronous contact', async () => ADA],
  ])(
    'passes the callback of end() to inner middleware as the last argument (%s)',
    async (_which, contact) => {
      const seen: unknown[][] = [];
      const below: RequestHandler = (_req, res, next) => {
        const { end } = res;
        res.end = ((...args: unknown[]) => {
          seen.push(args.map((arg) => typeof arg));
          return (end as (...args: unknown[]) => typeof res).apply(res, args);
        }) as typeof res.end;
        next();
      };
      const app = express();
      app.use(below, chatwootIdentity({ inbox: INBOX, contact, inject: 'inline' }));
      let ended: Promise<unknown> | undefined;
      app.use((_req, res) => {
        ended = once(res, 'ended');
        res.type('html').end(PLAIN, () => res.emit('ended'));
      });
      const { body } = await serving(http.createServer(app), (url) => ask(url, { headers: NAVIGATION }));
      await ended;
      expect(findMarkup(body)?.without.toString()).toBe(PLAIN);
      expect(seen).toEqual([['object', 'undefined', 'function']]);
    },
  );
});

test('sends pages unchanged and logs the fix once if compression is mounted after the middleware', async () => {
  const warnings: unknown[] = [];
  const { warn } = console;
  console.warn = (message: unknown) => warnings.push(message);
  try {
    const { default: compression } = await import('compression');
    const app = express5();
    app.use(
      chatwootIdentity({ inbox: INBOX, contact: () => ADA, inject: true }),
      compression({ threshold: 0 }),
    );
    app.use((_req, res) => void res.send(PLAIN));
    await serving(http.createServer(app), async (url) => {
      for (let times = 0; times < 3; times++) {
        const { headers } = await ask(url, { headers: { ...NAVIGATION, 'accept-encoding': 'gzip' } });
        expect(headers['content-encoding']).toBe('gzip');
      }
    });
  } finally {
    console.warn = warn;
  }
  expect(warnings).toEqual([expect.stringContaining('Mount compression before chatwootIdentity.')]);
});
