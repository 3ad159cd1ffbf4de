// @ts-check
import http from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { chatwootIdentity } from '@chatwoot-identity/express';
import connectInject from 'connect-inject';
import express from 'express';
import interceptor from 'express-interceptor';
import { HTMLRewriter } from 'html-rewriter-wasm';
import { chatByHand, inbox, user } from './app.js';
import { serve } from './compare.js';
import { chunksOf, ENDING, PIECES, pageOf, SIZES } from './pages.js';

/**
 * A minimal middleware that uses html-rewriter-wasm.
 *
 * @type {express.RequestHandler}
 */
function rewriting(_req, res, next) {
  const { write, end } = res;
  const rewriter = new HTMLRewriter((chunk) => void write.call(res, chunk, 'utf8'));
  rewriter.on('body', {
    element(element) {
      element.append(chatByHand(), { html: true });
    },
  });
  let work = Promise.resolve();
  const feed = (/** @type {unknown} */ chunk) => {
    if (!res.headersSent) {
      res.removeHeader('content-length');
      res.removeHeader('etag');
    }
    work = work.then(() => rewriter.write(Buffer.from(/** @type {string | Uint8Array} */ (chunk))));
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
  'template inline': () => (_req, _res, next) => next(),
  ours: () => chatwootIdentity({ inbox, contact: () => user, inject: true }),
  'ours inline': () => chatwootIdentity({ inbox, contact: () => user, inject: 'inline' }),
  'connect-inject': () =>
    connectInject({
      rules: [{ match: /<\/body>/, fn: (/** @type {string} */ found) => chatByHand() + found }],
    }),
  'express-interceptor': () =>
    interceptor((_req, res) => ({
      isInterceptable: () => /text\/html/.test(String(res.getHeader('content-type'))),
      intercept: (body, send) => send(body.replace('</body>', () => `${chatByHand()}</body>`)),
    })),
  'html-rewriter': () => rewriting,
};

const variant = process.argv[2] ?? 'none';
const app = express();
app.use(/** @type {() => express.RequestHandler} */ (middlewares[variant])());

const byHand = variant.startsWith('template');
const inline = variant === 'template inline';
const withoutIdentity = chatByHand();
const chatOf = () => (inline ? chatByHand(true) : withoutIdentity);
for (const [size, bytes] of Object.entries(SIZES)) {
  const page = pageOf(bytes);
  const whole = page + ENDING;
  app.get(`/send/${size.replace(' ', '')}`, (_req, res) => {
    if (inline) res.set('Cache-Control', 'private, no-store');
    res.send(byHand ? page + chatOf() + ENDING : whole);
  });

  const chunks = chunksOf(Buffer.from(whole));
  const chunksByHand = chunksOf(Buffer.from(page));
  app.get(`/stream/${size.replace(' ', '')}`, (_req, res) => {
    if (inline) res.set('Cache-Control', 'private, no-store');
    Readable.from(byHand ? [...chunksByHand, Buffer.from(chatOf() + ENDING)] : chunks).pipe(res.type('html'));
  });
}
app.get('/api', (_req, res) => {
  res.json({ message: 'Hello', list: [1, 2, 3], more: 'a little text' });
});

/** Sends a slow page in five pieces, with 100 ms between them. */
app.get('/slow', async (_req, res) => {
  res.type('html');
  for (const piece of PIECES) {
    res.write(piece);
    await setTimeout(100);
  }
  res.end(ENDING);
});

/** Sends a page of 20 MB that is generated during the response. */
app.get('/huge', (_req, res) => {
  Readable.from(huge()).pipe(res.type('html'));
});

function* huge() {
  const page = pageOf(64 * 1024);
  yield page;
  for (let piece = 1; piece < 320; piece++) yield Buffer.from(page.slice(page.indexOf('<section')));
  yield ENDING;
}

serve(http.createServer(app));
