// @ts-check
import { createHmac } from 'node:crypto';
import http from 'node:http';
import { Readable } from 'node:stream';
import { markup } from '@chatwoot-identity/core';
import { chatwootIdentity } from '@chatwoot-identity/express';
import connectInject from 'connect-inject';
import express from 'express';
import interceptor from 'express-interceptor';
import { HTMLRewriter } from 'html-rewriter-wasm';
import { serve } from './compare.js';
import { chunksOf, ENDING, pageOf, SIZES } from './pages.js';

const inbox = {
  hmacToken: 'wyHVRZzzJhjPMKR2h7LpeJVy',
  websiteToken: 'website-token',
  baseUrl: 'https://chat.example.com',
};
const user = { identifier: 'user-1234567890abcdef', name: 'Ada Lovelace', email: 'ada@example.com' };

/** What everybody puts into the page: the very bytes that we do. */
function chat() {
  const identifier_hash = createHmac('sha256', inbox.hmacToken).update(user.identifier).digest('hex');
  return markup(
    {
      base_url: inbox.baseUrl,
      website_token: inbox.websiteToken,
      identity: { identifier: user.identifier, identifier_hash, name: user.name, email: user.email },
      identity_url: '/chatwoot/identity',
      anonymous: 'show',
    },
    { scriptUrl: '/chatwoot/widget-0123456789ab.js' },
  );
}

/**
 * A middleware over html-rewriter-wasm, the least that works: it gives no more than its bytes.
 *
 * @type {express.RequestHandler}
 */
function rewriting(_req, res, next) {
  const { write, end } = res;
  const rewriter = new HTMLRewriter((chunk) => void write.call(res, chunk, 'utf8'));
  rewriter.on('body', {
    element(element) {
      element.append(chat(), { html: true });
    },
  });
  let work = Promise.resolve();
  const feed = (/** @type {unknown} */ chunk) => {
    res.removeHeader('content-length');
    res.removeHeader('etag');
    work = work.then(() => rewriter.write(/** @type {Uint8Array} */ (chunk)));
  };
  Object.assign(res, {
    write(/** @type {unknown} */ chunk) {
      feed(chunk);
      return true;
    },
    end(/** @type {unknown} */ chunk) {
      if (chunk) feed(chunk);
      work = work
        .then(() => rewriter.end())
        .then(() => {
          rewriter.free();
          end.call(res, undefined, 'utf8');
        });
      return res;
    },
  });
  return next();
}

/** @type {Record<string, () => express.RequestHandler>} */
const middlewares = {
  none: () => (_req, _res, next) => next(),
  template: () => (_req, _res, next) => next(),
  ours: () => chatwootIdentity({ inbox, contact: () => user, inject: true }),
  'connect-inject': () =>
    connectInject({ rules: [{ match: /<\/body>/, fn: (/** @type {string} */ found) => chat() + found }] }),
  'express-interceptor': () =>
    interceptor((_req, res) => ({
      isInterceptable: () => /text\/html/.test(String(res.getHeader('content-type'))),
      intercept: (body, send) => send(body.replace('</body>', () => `${chat()}</body>`)),
    })),
  'html-rewriter': () => rewriting,
};

const variant = process.argv[2] ?? 'none';
const app = express();
app.use(/** @type {() => express.RequestHandler} */ (middlewares[variant])());

const byHand = variant === 'template';
for (const [size, bytes] of Object.entries(SIZES)) {
  const page = pageOf(bytes);
  const whole = page + ENDING;
  app.get(`/send/${size.replace(' ', '')}`, (_req, res) => {
    if (byHand) res.set('Cache-Control', 'private, no-store');
    res.send(byHand ? page + chat() + ENDING : whole);
  });

  const chunks = chunksOf(Buffer.from(whole));
  const chunksByHand = chunksOf(Buffer.from(page));
  app.get(`/stream/${size.replace(' ', '')}`, (_req, res) => {
    if (byHand) res.set('Cache-Control', 'private, no-store');
    Readable.from(byHand ? [...chunksByHand, Buffer.from(chat() + ENDING)] : chunks).pipe(res.type('html'));
  });
}
serve(http.createServer(app));
