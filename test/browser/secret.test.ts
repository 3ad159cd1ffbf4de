import { createServer } from 'node:http';
import { inspect } from 'node:util';
import { chatwootIdentity } from '@chatwoot-identity/express';
import express, { type ErrorRequestHandler } from 'express';
import { expect, vi } from 'vitest';
import { listen } from '../support/http.js';
import { reach, write } from '../support/page.js';
import { ada, see, test } from '../support/scene.js';

test("the HMAC token never appears in a response, a log line, an error or the browser's memory", async ({
  sandbox,
  page,
}) => {
  const seen: string[] = [];
  const note = (...values: unknown[]) =>
    void seen.push(...values.map((value) => inspect(value, { depth: 20, showHidden: true })));
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, method).mockImplementation(note);

  const contacts: Record<string, () => unknown> = {
    ada: () => ada,
    anonymous: () => null,
    blank: () => ({ identifier: ' ' }),
    unknown: () => ({ identifier: 'ada', hmacToken: 'x' }),
    circular: () => {
      const customAttributes: Record<string, unknown> = {};
      customAttributes.self = customAttributes;
      return { identifier: 'ada', customAttributes };
    },
    failing: () => {
      throw new Error('The database is away');
    },
  };
  const middleware = chatwootIdentity({
    inbox: ({ query }) =>
      query.inbox === 'broken' ? { ...sandbox.inbox, baseUrl: 'nowhere' } : sandbox.inbox,
    contact: ({ query, headers }) => {
      const name = String(query.contact ?? /contact=(\w+)/.exec(headers.cookie ?? '')?.[1] ?? 'anonymous');
      return contacts[name]!() as typeof ada | null;
    },
    inject: true,
    onError: note,
  });
  const app = express();
  app.use(middleware);
  app.get('/', (_req, res) => void res.send('<!doctype html><title>Shop</title><body></body></html>'));
  const inTheOpen: ErrorRequestHandler = (error, _req, res, _next) => {
    note(error);
    res.status(500).json({ message: error.message, stack: error.stack, cause: inspect(error.cause) });
  };
  app.use(inTheOpen);
  note(middleware, app);
  const { url, close } = await listen(createServer(app));

  try {
    for (const path of ['/', '/chatwoot/identity'])
      for (const contact of Object.keys(contacts))
        for (const inbox of ['working', 'broken']) {
          const response = await fetch(`${url}${path}?contact=${contact}&inbox=${inbox}`);
          note([...response.headers], await response.text());
        }
    expect(seen.join('\n')).toContain('The database is away');
    expect(seen.join('\n')).toContain('inbox.baseUrl must be');

    page.on('console', (message) => note(message.text()));
    page.on('pageerror', (error) => note(error));
    page.on('response', async (response) =>
      note(await response.allHeaders(), await response.text().catch(() => '')),
    );
    await page.context().addCookies([{ name: 'contact', value: 'ada', url }]);
    await page.goto(url);
    await see(sandbox, 'ada verified in 1');
    await reach(page, 'connected');
    expect(await write(page, sandbox, 'hello')).toBe('ada, verified');
    note(sandbox.record, await page.content(), await page.context().storageState());

    // The heap snapshot contains every string that a script in the page could read.
    const devtools = await page.context().newCDPSession(page);
    let heap = '';
    devtools.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => {
      heap += chunk;
    });
    await devtools.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
    expect(heap).toContain(ada.email);
    expect(heap).not.toContain(sandbox.hmacToken);
    expect(seen.join('\n')).toContain('identifier_hash');
    expect(seen.join('\n')).not.toContain(sandbox.hmacToken);
  } finally {
    vi.restoreAllMocks();
    await close();
  }
});
