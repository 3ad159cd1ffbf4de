import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chatwootIdentity, chatwootLogout } from '@chatwoot-identity/express';
import { type Sandbox, type SandboxEvent, startSandbox } from '@chatwoot-identity/sandbox';
import express, { type RequestHandler } from 'express';
import session from 'express-session';
import type { Tab } from './browser.js';

/** The users of the shop. */
export const users = {
  ada: { identifier: 'ada', name: 'Ada Lovelace', email: 'ada@example.com' },
  bob: { identifier: 'bob', name: "Bob O'Brien" },
  eve: {
    identifier: `"eve'</script><b>&amp;\\ مستخدم 👩‍👩‍👧‍👦`,
    name: `</script><script>window.hacked = true</script> "quoted" 'quoted' \\ \u202eمرحبا\u202c \u2028`,
  },
} as const;

export type User = keyof typeof users;

/** An Express app with the chat in its pages, a sandbox inbox, and a timeline of events in both. */
export interface Shop {
  readonly url: string;
  /**
   * The events of the pages and the inbox, in order. A page adds `shown /` when it is shown, then `restored /` if it
   * was restored from the back/forward cache. It also adds the status of the connection (`/ connected`) and violations
   * of the policy (`/ blocked style-src-elem`). The inbox adds `session 1`, `resumed 1`, `ada verified in 1`,
   * `ada 401 in 1` and `used by ada, verified`.
   */
  readonly timeline: readonly string[];
  /** Returns the lines of the inbox in the timeline, without those that start with `used by`. */
  account(): string[];
  /** Runs the action and waits until each of these lines has been added to the timeline, in any order. */
  step(action: () => Promise<unknown>, ...lines: string[]): Promise<void>;
  /**
   * Resolves when the pages have had no request in progress for a moment. Firefox does not put a page into the
   * back/forward cache while a request is in progress.
   */
  quiet(): Promise<void>;
  /** Sets a custom attribute through the chat of this page. Resolves with the chat's user, such as `ada, verified`. */
  use(tab: Tab): Promise<string>;
  /** The user of all requests. Used with a browser that blocks the session cookie. */
  everyone: User | undefined;
  /** The Content-Security-Policy of every page. */
  policy: string | undefined;
  /** Called before the identity endpoint responds. */
  asked: (() => Promise<unknown>) | undefined;
  /** The `baseUrl` of the inbox in the pages. */
  readonly baseUrl: string;
  /** Replaces the HMAC token of the inbox. The shop continues to sign with the old token. */
  rotateHmacToken(): void;
  /** Returns the name of a user in the inbox. */
  contactName(identifier: string): string | undefined;
  close(): Promise<void>;
}

export interface ShopSettings {
  /**
   * Whether the widget opens an event stream. Firefox does not put a page into the back/forward cache while an event
   * stream is open.
   */
  readonly stream: boolean;
  readonly inject: true | 'inline';
}

/**
 * The time that a story waits for a line in the timeline, in milliseconds. On an idle machine the longest wait is
 * slightly more than three seconds, after which the page treats an identity as accepted.
 */
const PATIENCE = 30_000;

const pageScript = readFileSync(new URL('page.js', import.meta.url), 'utf8');

export async function startShop({ stream, inject }: ShopSettings): Promise<Shop> {
  const sandbox = await startSandbox();
  const traffic = new Traffic();
  const chatwoot = stream ? undefined : await serve(withoutStream(sandbox.baseUrl), traffic);
  const inbox = { ...sandbox.inbox, baseUrl: chatwoot?.url ?? sandbox.baseUrl };

  const timeline: string[] = [];
  const waiting = new Set<() => void>();
  const note = (line: string) => {
    timeline.push(line);
    for (const look of waiting) look();
  };
  const until = (what: string, find: () => string | undefined) => {
    const failure = new Error(); // created here so that the stack contains the line in the story
    return new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => {
        failure.message = `"${what}" did not happen. The timeline:\n${timeline.join('\n')}`;
        waiting.delete(look);
        reject(failure);
      }, PATIENCE);
      const look = () => {
        const line = find();
        if (line === undefined) return;
        clearTimeout(timer);
        waiting.delete(look);
        resolve(line);
      };
      waiting.add(look);
      look();
    });
  };

  // The predicate receives every event and never matches.
  sandbox
    .until((event) => {
      const line = describeEvent(sandbox, event);
      if (line) note(line);
      return false;
    })
    .catch(() => {}); // closing the sandbox rejects this promise

  const page: RequestHandler = (req, res) => {
    if (shop.policy) res.set('Content-Security-Policy', shop.policy);
    res.send(`<!doctype html><html><head><meta charset="utf-8"><title>${req.path}</title>
      <script src="/page.js" defer></script></head><body><h1>${req.path}</h1>
      <form id="ada" method="post" action="/login/ada"></form>
      <form id="bob" method="post" action="/login/bob"></form>
      <form id="eve" method="post" action="/login/eve"></form>
      <form id="logout" method="post" action="/logout"></form></body></html>`);
  };
  const app = express();
  app.use(session({ secret: 'keyboard cat', resave: false, saveUninitialized: false }));
  app.get('/page.js', (_req, res) => void res.type('js').send(pageScript));
  app.get('/favicon.ico', (_req, res) => void res.status(204).end());
  app.post('/note', express.text(), (req, res) => {
    note(req.body);
    res.status(204).end();
  });
  app.get('/plain', page); // has no chat, because the middleware is mounted later
  app.use('/chatwoot/identity', async (_req, _res, next) => {
    await shop.asked?.();
    next();
  });
  app.use(
    chatwootIdentity({
      inbox,
      contact: (req) => {
        const user = shop.everyone ?? req.session.userId;
        return user ? users[user as User] : null;
      },
      inject,
    }),
  );
  app.post('/login/:user', (req, res) => {
    req.session.userId = req.params.user;
    res.redirect('/');
  });
  app.post('/logout', (req, res, next) => {
    chatwootLogout(res);
    req.session.destroy((error) => (error ? next(error) : res.redirect('/')));
  });
  app.get(['/', '/other'], page);
  const server = await serve(app, traffic);

  const shop: Shop = {
    url: server.url,
    timeline,
    everyone: undefined,
    policy: undefined,
    asked: undefined,
    baseUrl: inbox.baseUrl,
    account: () => timeline.filter((line) => /^(session|resumed) \d| in \d+$/.test(line)),
    async step(action, ...lines) {
      const before = timeline.length;
      await action();
      for (const line of lines) await until(line, () => timeline.slice(before).find((each) => each === line));
    },
    quiet: () => traffic.quiet(),
    async use(tab) {
      const before = timeline.length;
      await tab.evaluate(() => {
        const chat = window.$chatwoot as unknown as { setCustomAttributes(attributes: object): void };
        chat.setCustomAttributes({ used: true });
      });
      const line = await until('use of the chat', () =>
        timeline.slice(before).find((each) => each.startsWith('used by ')),
      );
      return line.slice('used by '.length);
    },
    rotateHmacToken: () => void sandbox.rotateHmacToken(),
    contactName: (identifier) => sandbox.contacts.find((each) => each.identifier === identifier)?.name,
    async close() {
      await Promise.all([server.close(), chatwoot?.close(), sandbox.close()]);
    },
  };
  return shop;
}

/** Returns the line for this event in the timeline, or undefined if no story needs the event. */
function describeEvent(sandbox: Sandbox, event: SandboxEvent): string | undefined {
  if (!('sessionId' in event)) return undefined;
  const index = sandbox.sessions.findIndex(({ id }) => id === event.sessionId);
  const number = index + 1;
  switch (event.type) {
    case 'session_created':
      return `session ${number}`;
    case 'session_resumed':
      return `resumed ${number}`;
    case 'set_user': {
      const outcome = event.status === 200 ? (event.verified ? 'verified' : 'unverified') : event.status;
      return `${event.identifier} ${outcome} in ${number}`;
    }
    case 'contact_update': {
      const { contact, hmacVerified } = sandbox.sessions[index]!;
      return `used by ${contact.identifier ?? 'an anonymous visitor'}${hmacVerified ? ', verified' : ''}`;
    }
    default:
      return undefined;
  }
}

/** Counts the requests in progress. */
class Traffic {
  #requests = 0;
  #settle = () => {};

  add(response: ServerResponse): void {
    this.#requests += 1;
    response.once('close', () => {
      this.#requests -= 1;
      this.#settle();
    });
  }

  quiet(): Promise<void> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      this.#settle = () => {
        clearTimeout(timer);
        timer = setTimeout(() => this.#requests === 0 && resolve(), 250);
      };
      this.#settle();
    });
  }
}

async function serve(
  listener: RequestListener,
  traffic: Traffic,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  server.prependListener('request', (_request, response) => traffic.add(response));
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Forwards all requests to Chatwoot, but responds with 204 to the event stream, so that it is not opened again. */
function withoutStream(baseUrl: string): RequestListener {
  return (request, response) => {
    if (request.url!.startsWith('/sandbox/cable')) {
      response.writeHead(204).end();
      return;
    }
    const { method, headers } = request;
    const forwarded = send(`${baseUrl}${request.url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    request.pipe(forwarded);
  };
}
