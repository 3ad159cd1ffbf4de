import http from 'node:http';
import {
  type AdapterRequest,
  createAdapter,
  HtmlInjector,
  type ResponseHeaders,
} from '@chatwoot-identity/core/internal';
import { chatwootIdentity } from '@chatwoot-identity/express';
import express from 'express';
import fc from 'fast-check';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { expect, test } from 'vitest';
import { placeOf } from '../injection/cases.js';
import { ADA } from '../support/ada.js';
import { listen } from '../support/http.js';
import { INBOX } from '../support/inbox.js';
import { findMarkup } from '../support/markup.js';
import { always, hostileText } from './always.js';

const noHeaders = (policy: string): ResponseHeaders => ({
  get: (name) => ({ 'content-type': 'text/html', 'content-security-policy': policy })[name],
  set() {},
  append() {},
  remove() {},
  lock() {},
});

const mounts = fc.oneof(
  hostileText,
  hostileText.map((text) => `/${text}`),
  fc
    .array(fc.constantFrom('/', '\\', 'evil.example', 'http:', 'shop', '..', '%2f', '\t', '@', ':80'))
    .map((parts) => parts.join('')),
);
const nonces = fc.oneof(hostileText, fc.base64String(), fc.anything());
const policies = fc.oneof(
  hostileText,
  hostileText.map((text) => `script-src 'nonce-${text}'`),
  fc
    .array(
      fc.constantFrom(
        "script-src 'self'",
        "'nonce-",
        "'nonce-abc'",
        ';',
        ',',
        ' ',
        'default-src',
        "'",
        '"',
        '>',
      ),
    )
    .map((parts) => parts.join(' ')),
);

test('the markup has exactly three elements, no value can close an element, and no address has another host', async () => {
  await always(
    20_000,
    fc.asyncProperty(
      hostileText,
      mounts,
      nonces,
      policies,
      hostileText,
      async (name, mount, nonce, policy, title) => {
        const adapter = createAdapter<AdapterRequest>(
          {
            inbox: INBOX,
            contact: () => ({ identifier: 'user-1', name }),
            inject: { mode: 'inline', settings: { launcherTitle: title } },
          },
          { source: '', hash: 'abc' },
        );
        const request = { headers: { accept: 'text/html' }, hostname: 'shop.example' };
        const page = adapter.openPage!(request, mount);
        if (!page.begin({ status: 200, headers: noHeaders(policy), nonce })) return;
        const markup = String(await page.markup());
        expect(markup).toMatch(/^[ -~]+$/);

        const document = parse(`<!doctype html><title>T</title><body>${markup}<p>after</p>`);
        const html = document.childNodes[1] as DefaultTreeAdapterTypes.Element;
        const body = html.childNodes[1] as DefaultTreeAdapterTypes.Element;
        const [preload, data, script, after, ...rest] = body.childNodes as DefaultTreeAdapterTypes.Element[];
        expect([preload?.tagName, data?.tagName, script?.tagName, after?.tagName, rest.length]).toEqual([
          'link',
          'script',
          'script',
          'p',
          0,
        ]);
        const attributes = (element: DefaultTreeAdapterTypes.Element | undefined) =>
          Object.fromEntries(element!.attrs.map(({ name, value }) => [name, value]));
        const { nonce: written, ...others } = attributes(data);
        expect(others).toEqual({ type: 'application/json', id: 'chatwoot-identity' });
        if (written !== undefined) expect(written).toMatch(/^[\w+/-]+={0,2}$/);
        expect(Object.keys(attributes(script)).filter((name) => name !== 'nonce')).toEqual(['src', 'defer']);

        const read = JSON.parse((data!.childNodes[0] as DefaultTreeAdapterTypes.TextNode).value);
        const shown = name.toWellFormed().replaceAll('\0', '');
        // A page with a sandbox policy contains no identity. The page script requests the identity from the endpoint.
        if (read.identity) expect(read.identity.name).toBe(shown.trim() === '' ? 'user-1' : shown);
        for (const address of [attributes(script).src!, read.identity_url])
          expect(new URL(address, 'https://shop.example/page').origin).toBe('https://shop.example');
      },
    ),
  );
});

const pieces = fc.oneof(
  fc.constantFrom(
    ...[
      '<!doctype html>',
      '<html>',
      '<HTML ',
      '<body>',
      '</body>',
      '</BODY',
      '>',
      '</html>',
      '</html',
      ' ',
      '\n',
    ],
  ),
  fc.constantFrom(
    ...['<!--', '-->', '<?xml', '?>', '\ufeff', '</', '<', '</b', '</body >', ' '.repeat(600), '</body\t\n>'],
  ),
  fc.string({ maxLength: 6 }),
);
const pages = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(pieces, { maxLength: 12 }).map((parts) => `<!doctype html>${parts.join('')}`),
  },
  { weight: 1, arbitrary: fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')) },
);
const cuts = fc.array(fc.nat({ max: 2000 }), { maxLength: 12 });

function chunksOf(page: Buffer, at: readonly number[]): Buffer[] {
  const places = [...at, page.length].filter((place) => place <= page.length).sort((a, b) => a - b);
  return places.map((place, index) => page.subarray(index === 0 ? 0 : places[index - 1], place));
}

test('HtmlInjector returns the same bytes for every division of a page into chunks', () => {
  const MARKUP = '<script id="here"></script>';
  always(
    25_000,
    fc.property(pages, cuts, (text, at) => {
      const page = Buffer.from(text);
      const injector = new HtmlInjector();
      const out = [
        ...chunksOf(page, at).map((chunk) => Buffer.from(injector.push(chunk))),
        injector.end(MARKUP),
      ];
      const whole = new HtmlInjector();
      const once = Buffer.concat([whole.push(page), whole.end(MARKUP)]);
      expect(Buffer.concat(out).equals(once)).toBe(true);
      const place = placeOf(page);
      const injected = Buffer.concat([page.subarray(0, place), Buffer.from(MARKUP), page.subarray(place)]);
      expect(once.equals(once.includes(MARKUP) ? injected : page)).toBe(true);
    }),
  );
});

test('Express sends each user the right page in forty concurrent requests on persistent connections', async () => {
  interface Case {
    readonly chunks: readonly Buffer[];
    readonly slow: boolean;
  }
  const asked = new Map<string, Case>();
  const app = express();
  app.use(
    chatwootIdentity({
      inbox: INBOX,
      contact: ({ query: { id } }) => {
        const identity = { ...ADA, identifier: `user-${id}` };
        return asked.get(String(id))!.slow
          ? new Promise((resolve) => setImmediate(resolve, identity))
          : identity;
      },
      inject: 'inline',
    }),
  );
  app.get('/', (req, res) => {
    const [last, ...first] = [...asked.get(String(req.query.id))!.chunks].reverse();
    res.type('html');
    for (const chunk of first.reverse()) res.write(chunk);
    res.end(last);
  });
  const { url, close } = await listen(http.createServer(app));
  const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
  let count = 0;

  const get = (id: string): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      http
        .get(`${url}/?id=${id}`, { agent, headers: { accept: 'text/html' } }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => resolve(Buffer.concat(chunks)));
        })
        .on('error', reject);
    });

  try {
    await always(
      100,
      fc.asyncProperty(
        fc.array(fc.tuple(pages, cuts, fc.boolean()), { minLength: 40, maxLength: 40 }),
        async (cases) => {
          await Promise.all(
            cases.map(async ([text, at, slow]) => {
              const page = Buffer.from(text);
              const id = String(count++);
              asked.set(id, { chunks: chunksOf(page, at), slow });
              const answer = await get(id);
              const found = findMarkup(answer);
              asked.delete(id);
              if (!found) return expect(answer.equals(page)).toBe(true);
              expect(found.data.identity).toMatchObject({ identifier: `user-${id}` });
              expect(found.without.equals(page)).toBe(true);
              expect(found.at).toBe(placeOf(page));
            }),
          );
        },
      ),
    );
  } finally {
    agent.destroy();
    await close();
  }
});
