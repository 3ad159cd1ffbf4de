// A shop that runs in a separate process, so that the test can measure its heap: `node --expose-gc shop.js`.
import { chatwootIdentity } from '@chatwoot-identity/express';
import express from 'express';

const app = express();
app.use(
  chatwootIdentity({
    inbox: () => ({
      hmacToken: 'wyHVRZzzJhjPMKR2h7LpeJVy',
      websiteToken: 'website-token',
      baseUrl: 'https://chat.example.com',
    }),
    contact: async ({ query: { user } }) => user && { identifier: String(user), name: `Name of ${user}` },
    inject: 'inline',
  }),
);
app.get('/', (_req, res) => {
  res.send(`<!doctype html><title>Shop</title><body>${'<p>Text</p>'.repeat(200)}</body></html>`);
});
app.get('/stream', (_req, res) => {
  res.type('html').write('<!doctype html><title>Shop</title><body>');
  setImmediate(() => res.end('<p>Text</p></body></html>'));
});
const server = app.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));

process.on('message', async () => {
  for (let round = 0; round < 5; round++) {
    globalThis.gc();
    await new Promise(setImmediate);
  }
  server.getConnections((_error, connections) =>
    process.send?.({ heap: process.memoryUsage().heapUsed, connections }),
  );
});
