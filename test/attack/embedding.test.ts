import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter, once } from 'node:events';
import http from 'node:http';
import { PassThrough } from 'node:stream';
import { chatwootIdentity } from '@chatwoot-identity/express';
import { chatwootIdentity as koaIdentity } from '@chatwoot-identity/koa';
import express5 from 'express';
import express4 from 'express4';
import koa3 from 'koa';
import koa2 from 'koa2';
import { describe, expect, test } from 'vitest';
import { ADA } from '../support/ada.js';
import { ask, NAVIGATION, serving } from '../support/http.js';
import { INBOX } from '../support/inbox.js';
import { findMarkup, PLAIN } from '../support/markup.js';
import { type AppOptions, FETCH, FRAMEWORKS } from './frameworks.js';

const CORS = {
  'access-control-allow-origin': 'https://evil.example',
  'access-control-allow-credentials': 'true',
};

describe.each([...FRAMEWORKS, FETCH])("%s with inject: 'inline'", (_name, build) => {
  const page = (options: Partial<AppOptions>, headers: http.OutgoingHttpHeaders = NAVIGATION) =>
    serving(build({ inject: 'inline', respond: () => ({ body: PLAIN }), ...options }), (url) =>
      ask(url, { headers }),
    );

  test.each([
    [
      'with Fetch Metadata',
      { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'cross-site' },
    ],
    ['without Fetch Metadata', {}],
  ])(
    'embeds no identity in a page if app-wide CORS headers let another site read the page (%s)',
    async (_how, metadata) => {
      const headers = { accept: 'text/html', origin: 'https://evil.example', ...metadata };
      const answer = await page({ outside: CORS }, headers);
      expect(findMarkup(answer.body)?.data).not.toHaveProperty('identity');
    },
  );

  test('waits one second for contact, then sends the closing tags with a script that requests the identity', async () => {
    const answer = await page({ contact: () => new Promise(() => {}) });
    expect(answer.body.toString()).toMatch(/<\/body><\/html>\n$/);
    expect(findMarkup(answer.body)?.data).not.toHaveProperty('identity');
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('no database');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no database'))],
    ['rejects with undefined', () => Promise.reject()],
  ])('embeds no identity and passes one Error to onError if contact %s', async (_how, contact) => {
    const reported: unknown[] = [];
    const answer = await page({ contact, onError: (error) => reported.push(error) });
    expect([answer.status, findMarkup(answer.body)?.without.toString()]).toEqual([200, PLAIN]);
    expect(findMarkup(answer.body)?.data).not.toHaveProperty('identity');
    expect(reported).toEqual([expect.any(Error)]);
  });

  test('does not call contact after a logout in the same response', async () => {
    let destroyed = false;
    const contact = () => {
      if (destroyed) throw new Error('the session is destroyed');
      return ADA;
    };
    const reported: unknown[] = [];
    const answer = await page({
      contact,
      onError: (error) => reported.push(error),
      respond(_request, logOut) {
        logOut();
        destroyed = true;
        return { body: PLAIN };
      },
    });
    expect(findMarkup(answer.body)?.data.identity).toBeNull();
    expect(answer.headers['set-cookie']).toContainEqual(expect.stringContaining('cw_conversation=;'));
    expect(reported).toEqual([]);
  });

  test('calls contact once and then inbox once', async () => {
    const calls: string[] = [];
    await page({
      contact: () => {
        calls.push('contact');
        return ADA;
      },
      inbox: () => {
        calls.push('inbox');
        return INBOX;
      },
    });
    expect(calls).toEqual(['contact', 'inbox']);
  });

  test('shortens a name that Chatwoot would refuse, and calls onError once for all requests', async () => {
    const reported: unknown[] = [];
    const app = build({
      inject: 'inline',
      contact: () => ({ ...ADA, name: 'x'.repeat(300) }),
      onError: (error) => reported.push(error),
      respond: () => ({ body: PLAIN }),
    });
    await serving(app, async (url) => {
      for (let times = 0; times < 3; times++) {
        const { body } = await ask(url, { headers: NAVIGATION });
        expect(findMarkup(body)?.data.identity).toMatchObject({ name: 'x'.repeat(255) });
      }
    });
    expect(reported).toEqual([expect.objectContaining({ code: 'profile_too_long' })]);
  });
});

describe.each([...FRAMEWORKS, FETCH])('%s with inject: true', (_name, build) => {
  test('does not call contact for a page', async () => {
    let calls = 0;
    const contact = () => {
      calls++;
      return new Promise(() => {});
    };
    const app = build({ inject: true, contact, respond: () => ({ body: PLAIN }) });
    const { body } = await serving(app, (url) => ask(url, { headers: NAVIGATION }));
    expect([findMarkup(body)?.without.toString(), calls]).toEqual([PLAIN, 0]);
  });

  test("removes the CORS headers of other middleware from the endpoint's response", async () => {
    const app = build({ inject: true, outside: CORS, respond: () => ({}) });
    const { headers, status } = await serving(app, (url) => ask(`${url}/chatwoot/identity`));
    expect(status).toBe(200);
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('reports an inject.skip function that returns a promise, and sends the page without a chat', async () => {
    const reported: unknown[] = [];
    const app = build({
      inject: { skip: (() => Promise.resolve(false)) as never },
      onError: (error) => reported.push(error),
      respond: () => ({ body: PLAIN }),
    });
    const { body } = await serving(app, (url) => ask(url, { headers: NAVIGATION }));
    expect([body.toString(), reported]).toEqual([
      PLAIN,
      [expect.objectContaining({ message: expect.stringContaining('inject.skip must be synchronous') })],
    ]);
  });
});

describe('if a page is written in the async context of another request,', () => {
  const session = new AsyncLocalStorage<string>();
  const options = {
    inbox: INBOX,
    contact: () => ({ identifier: session.getStore() ?? 'no session' }),
    inject: 'inline' as const,
  };
  /** Creates a pool that calls back in the async context of the first request, as a database connection pool does. */
  function createPool() {
    const queries = new EventEmitter();
    let listening = false;
    return async (answer: () => void) => {
      if (!listening) queries.on('query', (reply: () => void) => reply());
      listening = true;
      await new Promise((resolve) => setImmediate(resolve));
      queries.emit('query', answer);
    };
  }
  const identifierOf = (body: Buffer) =>
    (findMarkup(body)!.data.identity as { identifier: string }).identifier;

  test.each([
    ['Express 5', express5],
    ['Express 4', express4 as unknown as typeof express5],
  ])('%s embeds the identity of the user who sent the request', async (_name, express) => {
    const first = new AsyncLocalStorage<string>();
    const query = createPool();
    const app = express();
    app.use((req, _res, next) => session.run(String(req.headers['x-user']), next));
    app.use(chatwootIdentity(options));
    app.use((_req, res) => {
      // The pool calls back in the async context of the first user's request.
      void query(() => session.run('ada', () => first.run('pool', () => void res.send(PLAIN))));
    });
    await serving(http.createServer(app), async (url) => {
      for (const user of ['ada', 'bob', 'eve']) {
        const { body } = await ask(url, { headers: { ...NAVIGATION, 'x-user': user } });
        expect(identifierOf(body)).toBe(user);
      }
    });
  });

  test.each([
    ['Koa 3', koa3],
    ['Koa 2', koa2 as unknown as typeof koa3],
  ])('%s embeds the identity of the user who sent the request (stream)', async (_name, Koa) => {
    const app = new Koa();
    app.use((ctx, next) => session.run(String(ctx.headers['x-user']), next));
    app.use(koaIdentity(options));
    app.use((ctx) => {
      const body = new PassThrough();
      ctx.type = 'html';
      ctx.body = body;
      setImmediate(() => session.run('ada', () => body.end(PLAIN)));
    });
    await serving(http.createServer(app.callback()), async (url) => {
      for (const user of ['ada', 'bob', 'eve']) {
        const { body } = await ask(url, { headers: { ...NAVIGATION, 'x-user': user } });
        expect(identifierOf(body)).toBe(user);
      }
    });
  });
});

test.each([
  ['Koa 3', koa3],
  ['Koa 2', koa2 as unknown as typeof koa3],
])('%s: outer middleware receives a string body', async (_name, Koa) => {
  for (const [inject, contact] of [
    [true, () => ADA],
    ['inline', () => ADA],
    ['inline', async () => ADA],
  ] as const) {
    const app = new Koa();
    app.use(async (ctx, next) => {
      await next();
      ctx.body = (ctx.body as string).replace('Hello', 'Welcome');
    });
    app.use(koaIdentity({ inbox: INBOX, contact, inject }));
    app.use((ctx) => {
      ctx.body = PLAIN;
    });
    const { body } = await serving(http.createServer(app.callback()), (url) =>
      ask(url, { headers: NAVIGATION }),
    );
    expect(findMarkup(body)?.without.toString()).toBe(PLAIN.replace('Hello', 'Welcome'));
  }
});

test('Koa 3: a client that disconnects while contact is pending causes no error', async () => {
  const reported: unknown[] = [];
  const asked = new EventEmitter();
  const app = new koa3();
  app.on('error', (error) => reported.push(error));
  app.use(
    koaIdentity({
      inbox: INBOX,
      inject: 'inline',
      contact: async (ctx) => {
        const closed = once(ctx.res, 'close');
        asked.emit('asked');
        await closed;
        return ADA;
      },
    }),
  );
  app.use((ctx) => {
    ctx.body = PLAIN;
  });
  await serving(http.createServer(app.callback()), async (url) => {
    const pending = once(asked, 'asked');
    const request = http.get(url, { agent: false, headers: NAVIGATION }).on('error', () => {});
    await pending;
    request.destroy();
    expect((await ask(`${url}/chatwoot/other`)).status).toBe(200);
  });
  expect(reported).toEqual([]);
});
