// @ts-check
// A server that runs in a separate process, so that the test can measure its memory. It streams a page of 20 MB to each
// of 50 clients at once. The argument "inject" adds the chat. The server sends the port to the parent process. /growth
// returns the growth of the resident memory since /start, in bytes.
import { Readable } from 'node:stream';
import { chatwootIdentity } from '@chatwoot-identity/express';
import express from 'express';

const CLIENTS = 50;
const PAGE = 20 * 2 ** 20;
const CHUNK = 64 * 2 ** 10;

const app = express();
if (process.argv[2] === 'inject') {
  const inbox = {
    hmacToken: 'wyHVRZzzJhjPMKR2h7LpeJVy',
    websiteToken: 'website-token',
    baseUrl: 'https://chat.example.com',
  };
  app.use(chatwootIdentity({ inbox, contact: async () => ({ identifier: 'user-1' }), inject: 'inline' }));
}

app.get('/warm', (_req, res) => {
  res.send('<!doctype html><body></body>');
});

let start = 0;
let peak = 0;
app.get('/start', (_req, res) => {
  global.gc?.();
  start = peak = process.memoryUsage.rss();
  res.end();
});
app.get('/growth', (_req, res) => {
  res.json(peak - start);
});

const text = Buffer.alloc(CHUNK, '<p>Hello</p>\n');
let release = () => {};
const allHalfway = new Promise((resolve) => {
  release = () => resolve(undefined);
});
let halfway = 0;
let chunks = 0;

async function* page() {
  yield Buffer.from('<!doctype html><html><body>');
  for (let sent = 0; sent < PAGE; sent += CHUNK) {
    // Waits until all clients have received half of the page, so that all pages are in progress at the same time.
    if (sent === PAGE / 2) {
      if (++halfway === CLIENTS) release();
      await allHalfway;
    }
    // Collects garbage before the measurement, so that only memory in use counts.
    if (++chunks % 100 === 0) {
      global.gc?.();
      peak = Math.max(peak, process.memoryUsage.rss());
    }
    yield Buffer.from(text);
  }
  yield Buffer.from('</body></html>');
}
app.get('/page', (_req, res) => {
  Readable.from(page()).pipe(res.type('html'));
});

const server = app.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  process.send?.(port);
});
