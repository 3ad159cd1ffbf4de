import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatwootIdentity } from '@chatwoot-identity/express';
import express5 from 'express';
import express4 from 'express4';
import { describe, expect, test } from 'vitest';
import { ADA } from '../support/ada.js';
import { ask, NAVIGATION, serving } from '../support/http.js';
import { INBOX } from '../support/inbox.js';
import { findMarkup, PLAIN } from '../support/markup.js';
import { type AppOptions, FETCH, FRAMEWORKS } from './frameworks.js';

const DATE = 'Sat, 21 Nov 2026 10:00:00 GMT';
const STYLE = { 'content-type': 'text/css', etag: '"style"' };

describe.each([...FRAMEWORKS, FETCH])('%s with inject: true', (_name, build) => {
  /** Builds an app that serves a page and a style sheet, each with an entity tag. */
  const app = (options: Partial<AppOptions> = {}) =>
    build({
      inject: true,
      respond: ({ url }) =>
        url === '/style.css'
          ? { headers: STYLE, body: 'p {}' }
          : { headers: { etag: '"page"', 'last-modified': DATE }, body: PLAIN },
      ...options,
    });
  const page = (options?: Partial<AppOptions>, headers: http.OutgoingHttpHeaders = {}) =>
    serving(app(options), (url) => ask(url, { headers: { ...NAVIGATION, ...headers } }));

  test("responds with 304 and the same tag if the visitor's copy has the current markup", async () => {
    const first = await page();
    expect(first.headers.etag).toMatch(/^"page-cw[0-9a-f]{8}"$/);
    expect(first.headers['last-modified']).toBe(DATE);
    const again = await page({}, { 'if-none-match': first.headers.etag, 'if-modified-since': DATE });
    expect([again.status, again.headers.etag]).toEqual([304, first.headers.etag]);
  });

  test.each([
    ['an entity tag', { 'if-none-match': '"page"' }],
    ['a date', { 'if-modified-since': DATE }],
    ['both of them', { 'if-none-match': 'W/"page"', 'if-modified-since': DATE }],
  ])(
    'sends the page with the chat if the cached copy of the visitor has no chat (validated by %s)',
    async (_what, headers) => {
      const answer = await page({}, headers);
      expect([answer.status, findMarkup(answer.body)?.without.toString()]).toEqual([200, PLAIN]);
    },
  );

  test("sends the page with the new inbox if the visitor's copy has an old website token", async () => {
    const { etag } = (await page()).headers;
    const inbox = { ...INBOX, websiteToken: 'another-token' };
    const answer = await page({ inbox }, { 'if-none-match': etag });
    expect([answer.status, findMarkup(answer.body)?.data.website_token]).toEqual([200, 'another-token']);
  });

  test('responds with 304 only to the tag of the current markup if inbox is a synchronous function', async () => {
    const inbox = () => INBOX;
    const { etag } = (await page({ inbox })).headers;
    expect((await page({ inbox }, { 'if-none-match': etag })).status).toBe(304);
    expect((await page({ inbox }, { 'if-none-match': '"page"' })).status).toBe(200);
  });

  test('removes the validators of a page if inbox is an asynchronous function', async () => {
    const inbox = async () => INBOX;
    const answer = await page({ inbox }, { 'if-none-match': '"page"' });
    expect([answer.status, answer.headers.etag, answer.headers['last-modified']]).toEqual([
      200,
      undefined,
      undefined,
    ]);
    expect(findMarkup(answer.body)?.data).toMatchObject({ website_token: INBOX.websiteToken });
  });

  test.each([
    [
      'with Fetch Metadata',
      { accept: 'text/css,*/*;q=0.1', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'style' },
    ],
    ['without Fetch Metadata', { accept: 'text/css,*/*;q=0.1' }],
    ['in a request of a script', { accept: '*/*' }],
  ])('does not change the 304 response for a style sheet (%s)', async (_how, headers) => {
    const answer = await serving(app(), (url) =>
      ask(`${url}/style.css`, { headers: { ...headers, 'if-none-match': STYLE.etag } }),
    );
    expect([answer.status, answer.headers.etag]).toEqual([304, STYLE.etag]);
  });

  test.each([true, 'inline'] as const)(
    'passes the header If-None-Match: * of a PUT request to the app (inject: %j)',
    async (inject) => {
      const seen: unknown[] = [];
      const respond = ({ headers }: { headers: http.IncomingHttpHeaders }) => {
        seen.push(headers['if-none-match']);
        return { status: headers['if-none-match'] === '*' ? 412 : 204 };
      };
      const answer = await serving(app({ inject, respond }), (url) =>
        ask(url, { method: 'PUT', headers: { 'if-none-match': '*' } }),
      );
      expect([answer.status, seen]).toEqual([412, ['*']]);
    },
  );

  test.each([true, 'inline'] as const)(
    'removes conditional headers from the request instead of emptying them (inject: %j)',
    async (inject) => {
      const seen: string[] = [];
      const respond = ({ headers }: { headers: http.IncomingHttpHeaders }) => {
        seen.push(...Object.keys(headers).filter((name) => name.startsWith('if-')));
        return { body: PLAIN };
      };
      await serving(app({ inject, respond }), (url) =>
        ask(url, { headers: { ...NAVIGATION, 'if-none-match': '"page"', 'if-modified-since': DATE } }),
      );
      expect(seen).toEqual([]);
    },
  );

  test('adds the suffix of the markup to the tag of a HEAD response', async () => {
    const answer = await serving(app(), (url) => ask(url, { method: 'HEAD', headers: NAVIGATION }));
    expect(answer.headers.etag).toMatch(/^"page-cw/);
  });
});

describe.each([
  ['Express 5', express5],
  ['Express 4', express4 as unknown as typeof express5],
])('%s:', (_name, express) => {
  test.each(['send', 'sendFile', 'static', 'placed'])(
    'validators that the framework generates match until the markup of the page changes (%s)',
    async (how) => {
      const folder = await mkdtemp(join(tmpdir(), 'page-'));
      await writeFile(join(folder, 'page.html'), PLAIN);
      const serve = (websiteToken: string, headers: http.OutgoingHttpHeaders) => {
        const app = express();
        app.use(chatwootIdentity({ inbox: { ...INBOX, websiteToken }, contact: () => ADA, inject: true }));
        app.get('/send', (_req, res) => void res.send(PLAIN));
        app.get('/sendFile', (_req, res) => res.sendFile(join(folder, 'page.html')));
        app.get('/placed', (_req, res) => {
          res.send(PLAIN.replace('</body>', `${res.locals.chatwootIdentity!()}</body>`));
        });
        app.use('/static', express.static(folder, { index: 'page.html' }));
        const path = how === 'static' ? '/static/' : `/${how}`;
        return serving(http.createServer(app), (url) =>
          ask(url + path, { headers: { ...NAVIGATION, ...headers } }),
        );
      };
      try {
        const first = await serve('one', {});
        expect([first.status, findMarkup(first.body)?.data.website_token]).toEqual([200, 'one']);
        const validators = {
          'if-none-match': first.headers.etag,
          ...(first.headers['last-modified'] && { 'if-modified-since': first.headers['last-modified'] }),
        };
        const again = await serve('one', validators);
        expect([again.status, again.headers.etag]).toEqual([304, first.headers.etag]);
        const other = await serve('two', validators);
        expect([other.status, findMarkup(other.body)?.data.website_token]).toEqual([200, 'two']);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );
});
