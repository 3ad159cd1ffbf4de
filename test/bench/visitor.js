// @ts-check
// Measures the time from a navigation to the request that identifies the user, in Chromium with 50 ms of latency.
// Compares Chatwoot's snippet by hand, the identity in the page (`inject: 'inline'`) and the identity from the endpoint
// (`inject: true`). Every run has a new browser profile, and the runs are interleaved.
// Usage: node test/bench/visitor.js [runs]
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { hash, source } from '@chatwoot-identity/browser/script';
import { renderMarkup } from '@chatwoot-identity/core/internal';
import { startSandbox } from '@chatwoot-identity/sandbox';
import carried from '@sparticuz/chromium';
import { chromium } from 'playwright-core';

const LATENCY = 50;
const runs = Math.max(9, Number(process.argv[2] ?? 9));

console.warn = () => {}; // The sandbox logs that it is for development only.
const sandbox = await startSandbox();
const { hmacToken, websiteToken, baseUrl } = sandbox.inbox;
const user = { identifier: 'ada', name: 'Ada Lovelace', email: 'ada@example.com' };
const identifier_hash = createHmac('sha256', hmacToken).update(user.identifier).digest('hex');
const identity = { ...user, identifier_hash };
const data = {
  base_url: baseUrl,
  website_token: websiteToken,
  identity_url: '/chatwoot/identity',
  anonymous: /** @type {const} */ ('show'),
};
const scriptUrl = `/chatwoot/widget-${hash}.js`;

/** @type {Record<string, string>} */
const chats = {
  'snippet by hand': `<script>
    addEventListener('chatwoot:ready', () => $chatwoot.setUser('ada', ${JSON.stringify(identity)}));
    const script = document.createElement('script');
    script.src = '${baseUrl}/packs/js/sdk.js';
    script.async = true;
    script.onload = () => chatwootSDK.run({ websiteToken: '${websiteToken}', baseUrl: '${baseUrl}' });
    document.body.append(script);
  </script>`,
  "inject: 'inline'": renderMarkup({ ...data, identity }, { scriptUrl }),
  'inject: true': renderMarkup(data, { scriptUrl }),
};

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const send = (/** @type {string} */ type, /** @type {string} */ body) =>
    void response.setHeader('content-type', type).end(body);
  if (pathname === scriptUrl) return send('text/javascript', source);
  if (pathname === '/chatwoot/identity') return send('application/json', JSON.stringify(identity));
  const chat = chats[searchParams.get('chat') ?? ''] ?? '';
  send('text/html', `<!doctype html><title>Shop</title><body><h1>Shop</h1>${chat}</body>`);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());

const browser = await chromium.launch({
  executablePath: await carried.executablePath(),
  args: ['--no-sandbox'],
});

/**
 * Returns the milliseconds from the request for the page to the first request with `part` in the URL.
 * @param {import('playwright-core').Page} page
 * @param {string} chat
 * @param {string} part
 */
async function visit(page, chat, part) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  const conditions = { offline: false, latency: LATENCY, downloadThroughput: -1, uploadThroughput: -1 };
  await devtools.send('Network.emulateNetworkConditions', conditions);
  let start = 0;
  const taken = new Promise((resolve) => {
    devtools.on('Network.requestWillBeSent', ({ request, timestamp, type }) => {
      if (type === 'Document' && request.url.includes('?chat=')) start = timestamp;
      else if (request.url.includes(part) && request.method !== 'OPTIONS')
        resolve((timestamp - start) * 1_000);
    });
  });
  await page.goto(`http://127.0.0.1:${port}/?chat=${encodeURIComponent(chat)}`);
  const milliseconds = await taken;
  await devtools.detach();
  return milliseconds;
}

/** @param {number[]} values */
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** @type {Record<string, { first: number[], returning: number[] }>} */
const times = {};
for (let run = 0; run <= runs; run++) {
  for (const chat of Object.keys(chats)) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const first = await visit(page, chat, '/set_user');
    await page.waitForTimeout(3_500); // by then the page treats the identity as accepted
    const returning = await visit(page, chat, '/widget?');
    await context.close();
    if (run === 0) continue; // warm-up
    times[chat] ??= { first: [], returning: [] };
    times[chat].first.push(first);
    times[chat].returning.push(returning);
  }
}

console.log(`${runs} interleaved runs, ${LATENCY} ms of latency, medians in ms`);
console.log('                    first visit: set_user   returning: the widget is requested');
for (const [chat, { first, returning }] of Object.entries(times))
  console.log(
    `${chat.padEnd(20)}${median(first).toFixed(0).padStart(21)}${median(returning).toFixed(0).padStart(37)}`,
  );

await browser.close();
await sandbox.close();
server.closeAllConnections();
server.close();
