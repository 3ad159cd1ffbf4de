import { createHmac } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { Identity, Inbox } from '@chatwoot-identity/core';
import { type Sandbox, startSandbox } from '@chatwoot-identity/sandbox';
import express from 'express';
import koa from 'koa';
import type { Browser, Page } from 'playwright-core';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  type MockInstance,
  vi,
} from 'vitest';
import { launchChromium } from '../support/chromium.js';
import { ask } from '../support/http.js';
import { account, see } from '../support/scene.js';
import { expressApp } from './express.js';
import { koaApp } from './koa.js';
import { type AppOptions, PATH, type SeenRequest, type StartApp } from './table.js';

vi.spyOn(console, 'warn').mockImplementation(() => {}); // The sandbox logs that it is for development only.

const FRAMEWORKS: [string, StartApp][] = [
  ['Express', expressApp(express)],
  ['Koa', koaApp(koa)],
];

const BRANDS = ['paper', 'ink'] as const;
type Brand = (typeof BRANDS)[number];

/** Simulates the app's database of inboxes. */
const INBOXES = {
  paper: {
    hmacToken: 'EPyYngFb62yBMWXaSCrUZoL9',
    websiteToken: 'S7qSB2oFvtsTxvUmJrSLSdLr',
    baseUrl: 'https://chat.paper.example.com',
  },
  ink: {
    hmacToken: 'GnMB1bobzjcUkCTGRBI2oOZS',
    websiteToken: 'aV3oTtmDP1LrKHXKbHcTfdwS',
    baseUrl: 'https://chat.ink.example.com',
  },
} satisfies Record<Brand, Inbox>;

const PAGE = '<!doctype html><title>Shop</title><h1>Welcome</h1>';

/** Returns the session cookie of the app, which contains the brand and the customer. */
const cookieOf = (brand: string, user: string) => `session=${brand}.${user}`;
const sessionOf = (request: SeenRequest) =>
  /\bsession=(?<brand>\w+)\.(?<user>\w+)/.exec(request.header('cookie') ?? '')?.groups;

const contact = (request: SeenRequest) => {
  const user = sessionOf(request)?.user;
  return user ? { identifier: user, name: `The customer ${user}` } : null;
};

/** A way in which requests identify the brand, for example by the host. */
interface Way {
  by: string;
  brandOf(request: SeenRequest): string | undefined;
  asked(brand: string): { host?: string; mount?: string };
  mount?: string[];
}

const WAYS: Way[] = [
  {
    by: 'host',
    brandOf: ({ hostname }) => hostname.split('.')[0],
    asked: (brand) => ({ host: `${brand}.example.com` }),
  },
  { by: 'tenant', brandOf: (request) => sessionOf(request)?.brand, asked: () => ({}) },
  {
    by: 'path',
    brandOf: ({ path }) => path.split('/')[1],
    asked: (brand) => ({ mount: `/${brand}` }),
    mount: BRANDS.map((brand) => `/${brand}`),
  },
];

const HOST = WAYS[0]!;

/** The responses that depend on the inbox. */
type Surface = 'endpoint' | 'page' | 'page that fetches';
const SURFACES: Surface[] = ['endpoint', 'page', 'page that fetches'];

/** Two servers in one process, one for each value of `inject`. Both are closed after the test. */
interface App {
  get(surface: Surface, brand: string, user?: string): Promise<Answer>;
  url: string;
}

interface Answer {
  status: number;
  cacheControl: string | undefined;
  text: string;
}

/** The data that the page script reads. */
interface Data {
  base_url: string;
  website_token: string;
  identity?: Identity | null;
}

const servers: Server[] = [];
const sandboxes: Sandbox[] = [];

let logged: MockInstance;
beforeEach(() => {
  logged = vi.spyOn(console, 'error').mockImplementation(() => {}); // The error handlers of the frameworks log errors.
});

afterEach(async () => {
  logged.mockRestore();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await Promise.all(sandboxes.splice(0).map((sandbox) => sandbox.close()));
});

async function startApp(start: StartApp, way: Way, options: Pick<AppOptions, 'inbox'> & Partial<AppOptions>) {
  const common = {
    contact,
    page: PAGE,
    onError: () => {},
    ...(way.mount && { mount: way.mount }),
    ...options,
  };
  const [inline, fetching] = await Promise.all([
    start({ ...common, inject: 'inline' }),
    start({ ...common, inject: true }),
  ]);
  servers.push(inline, fetching);
  const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const app: App = {
    url: urlOf(inline),
    async get(surface, brand, user) {
      const { host, mount = '' } = way.asked(brand);
      const { status, headers, body } = await ask(
        urlOf(surface === 'page that fetches' ? fetching : inline) +
          mount +
          (surface === 'endpoint' ? PATH : '/welcome'),
        { headers: { ...(host && { host }), ...(user && { cookie: cookieOf(brand, user) }) } },
      );
      return { status, cacheControl: headers['cache-control'], text: body.toString() };
    },
  };
  return app;
}

function inboxOf(way: Way, request: SeenRequest): Inbox {
  return INBOXES[way.brandOf(request) as Brand];
}

/** Returns the data block in a page. */
function dataOf({ status, text }: Answer): Data {
  expect(status).toBe(200);
  return JSON.parse(
    /<script type="application\/json" id="chatwoot-identity">(.*?)<\/script>/.exec(text)![1]!,
  );
}

async function openSandbox(): Promise<Sandbox> {
  const sandbox = await startSandbox();
  sandboxes.push(sandbox);
  return sandbox;
}

/** Sends the identity to the inbox as the widget does in a new browser. Returns 200 if the hash is correct, else 401. */
async function verify({ baseUrl, websiteToken }: Sandbox, identity: Identity): Promise<number> {
  const widget = await (await fetch(`${baseUrl}/widget?website_token=${websiteToken}`)).text();
  const { authToken } = JSON.parse(/id="config">(.*?)<\/script>/.exec(widget)![1]!);
  const answer = await fetch(`${baseUrl}/api/v1/widget/contact/set_user?website_token=${websiteToken}`, {
    method: 'PATCH',
    headers: { 'X-Auth-Token': authToken, 'Content-Type': 'application/json' },
    body: JSON.stringify(identity),
  });
  return answer.status;
}

describe.each(FRAMEWORKS)('%s, several inboxes in one process:', (_framework, start) => {
  describe.each(WAYS)('by $by,', (way) => {
    it.each([
      ['a sync function', (request: SeenRequest) => inboxOf(way, request)],
      ['an async function that resolves in reverse order', lastFirst(way, 60)],
    ])(
      'responses of different inboxes are not mixed up in 60 interleaved requests (%s)',
      async (_kind, inbox) => {
        const app = await startApp(start, way, {
          inbox,
          contact: async (request) => {
            await setImmediate();
            return contact(request);
          },
        });
        const requests = Array.from({ length: 60 }, (_, index) => ({
          brand: BRANDS[index % 2]!,
          surface: SURFACES[index % 3]!,
          user: `user${index % 7}`,
        }));
        const answers = await Promise.all(
          requests.map(({ brand, surface, user }) => app.get(surface, brand, user)),
        );

        for (const [index, answer] of answers.entries()) {
          const { brand, surface, user } = requests[index]!;
          const { hmacToken, websiteToken, baseUrl } = INBOXES[brand];
          const identity = {
            identifier: user,
            identifier_hash: createHmac('sha256', hmacToken).update(user).digest('hex'),
            name: `The customer ${user}`,
          };
          if (surface === 'endpoint') expect(JSON.parse(answer.text)).toEqual(identity);
          else {
            const data = dataOf(answer);
            expect([data.website_token, data.base_url]).toEqual([websiteToken, baseUrl]);
            expect(data.identity).toEqual(surface === 'page' ? identity : undefined);
          }
          const other = INBOXES[brand === 'paper' ? 'ink' : 'paper'];
          for (const token of [hmacToken, ...Object.values(other)]) expect(answer.text).not.toContain(token);
        }
      },
    );
  });

  it.each([
    ['a sync function', (sandbox: Sandbox) => () => sandbox.inbox],
    ['an async function', (sandbox: Sandbox) => async () => sandbox.inbox],
  ])('a rotated token is used for the next request (%s)', async (_kind, inboxFrom) => {
    const sandbox = await openSandbox();
    const app = await startApp(start, HOST, { inbox: inboxFrom(sandbox) });
    const identities = async (): Promise<Identity[]> => [
      JSON.parse((await app.get('endpoint', 'paper', 'ada')).text),
      dataOf(await app.get('page', 'paper', 'ada')).identity!,
    ];
    const before = await identities();
    for (const identity of before) expect(await verify(sandbox, identity)).toBe(200);
    sandbox.rotateHmacToken();
    for (const identity of before) expect(await verify(sandbox, identity)).toBe(401);
    for (const identity of await identities()) expect(await verify(sandbox, identity)).toBe(200);
  });

  const unfindable: [string, () => unknown, string][] = [
    ['returns undefined', () => undefined, 'The inbox function returned no usable inbox'],
    ['resolves to null', async () => null, 'The inbox function returned no usable inbox'],
    ['returns an incomplete inbox', () => ({ ...INBOXES.paper, hmacToken: '' }), 'inbox.hmacToken is empty'],
    [
      'throws',
      () => {
        throw new Error('no inbox for vault-3.internal');
      },
      'no inbox for vault-3.internal',
    ],
    [
      'rejects',
      async () => {
        throw new Error('no inbox for vault-3.internal');
      },
      'no inbox for vault-3.internal',
    ],
  ];
  it.each(unfindable)(
    'the endpoint responds with an error and pages have no chat if the inbox function %s',
    async (_kind, find, message) => {
      const errors: Error[] = [];
      const app = await startApp(start, HOST, {
        inbox: find as () => Inbox,
        onError: (error) => errors.push(error as Error),
      });
      const answer = await app.get('endpoint', 'unknown', 'ada');
      expect(answer.status).toBe(500);
      expect(answer.text).not.toMatch(/identifier|inbox|vault/);
      for (const surface of ['page', 'page that fetches'] as const) {
        expect(await app.get(surface, 'unknown', 'ada')).toMatchObject({ status: 200, text: PAGE });
      }
      expect(errors).toHaveLength(3);
      for (const error of errors) expect(error.message).toContain(message);
    },
  );

  it('a brand works even if another brand has no inbox', async () => {
    const app = await startApp(start, HOST, { inbox: (request) => inboxOf(HOST, request) });
    const [lost, found] = await Promise.all([
      app.get('endpoint', 'glue', 'ada'),
      app.get('endpoint', 'ink', 'ada'),
    ]);
    expect([lost.status, found.status]).toEqual([500, 200]);
    expect((await app.get('page', 'glue', 'ada')).cacheControl).toBe('private, no-store');
  });
});

/**
 * Creates an inbox function that simulates a slow database. It waits for `count` requests, and then resolves their
 * lookups in reverse order.
 */
function lastFirst(way: Way, count: number): (request: SeenRequest) => Promise<Inbox> {
  const waiting: (() => void)[] = [];
  return (request) =>
    new Promise((resolve) => {
      waiting.push(() => resolve(inboxOf(way, request)));
      if (waiting.length === count) for (const answer of waiting.splice(0).reverse()) answer();
    });
}

describe('in a browser,', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  let paper: Sandbox;
  let ink: Sandbox;
  let page: Page;
  beforeEach(async () => {
    [paper, ink] = await Promise.all([openSandbox(), openSandbox()]);
    page = await (await browser.newContext()).newPage();
  });
  afterEach(() => page.context().close());

  /** Starts the shops of both brands in one process on one port, and returns the URL of each. The hosts differ. */
  async function openShops(start: StartApp): Promise<Record<Brand, string>> {
    const app = await startApp(start, HOST, {
      inbox: async (request) => ({ paper, ink })[HOST.brandOf(request) as Brand].inbox,
    });
    const urlOf = (brand: Brand) => app.url.replace('127.0.0.1', `${brand}.localhost`);
    for (const brand of BRANDS) {
      const [name, value] = cookieOf(brand, 'ada').split('=') as [string, string];
      await page.context().addCookies([{ name, value, url: urlOf(brand) }]);
    }
    return { paper: urlOf('paper'), ink: urlOf('ink') };
  }

  it.each(FRAMEWORKS)(
    'the shops of two brands each verify their own customer (%s)',
    async (_framework, start) => {
      const shops = await openShops(start);
      await page.goto(shops.paper);
      await see(paper, 'ada verified in 1');
      await page.goto(shops.ink);
      await see(ink, 'ada verified in 1');
      for (const sandbox of [paper, ink])
        expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
    },
  );

  it.each(FRAMEWORKS)(
    'the page requests the identity again if the token is rotated before the chat loads (%s)',
    async (_framework, start) => {
      const shops = await openShops(start);
      await page.route('**/packs/js/sdk.js', async (route) => {
        paper.rotateHmacToken();
        await route.continue();
      });
      await page.goto(shops.paper);
      // Chatwoot opens a second session, because the page treats identities with different hashes as different users.
      await see(paper, 'ada verified in 2');
      expect(account(paper)).toEqual(['session 1', 'ada 401 in 1', 'session 2', 'ada verified in 2']);
    },
  );
});
