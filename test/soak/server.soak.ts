import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findMarkup } from '../support/markup.js';

let shop: ChildProcess;
let port: number;
let output = '';

beforeEach(async () => {
  output = '';
  shop = fork(fileURLToPath(new URL('shop.js', import.meta.url)), {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [shop.stdout!, shop.stderr!])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  [{ port }] = (await once(shop, 'message')) as [{ port: number }];
});

afterEach(async () => {
  if (shop.exitCode !== null) return;
  shop.kill();
  await once(shop, 'exit');
});

/** Returns the heap of the shop in bytes after garbage collection, and the number of open connections. */
async function measure(): Promise<{ heap: number; connections: number }> {
  shop.send('measure');
  return ((await once(shop, 'message')) as [{ heap: number; connections: number }])[0];
}

const paths = ['/', '/stream', '/chatwoot/identity'];

/** Sends a request as a user, and checks that the response contains that user's identity. */
function askAs(user: string, path: string, agent: http.Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    http
      .get(
        { host: '127.0.0.1', port, path: `${path}?user=${user}`, agent, headers: { accept: 'text/html' } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const body = Buffer.concat(chunks);
            const identity = path.startsWith('/chatwoot')
              ? JSON.parse(body.toString())
              : findMarkup(body)?.data.identity;
            if (identity?.identifier === user) resolve();
            else reject(new Error(`${user} received the page of ${identity?.identifier}`));
          });
        },
      )
      .on('error', reject);
  });
}

async function many(count: number, agent: http.Agent, prefix: string): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const index = next++;
      await askAs(`${prefix}-${index}`, paths[index % paths.length]!, agent);
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

test('each of 10,000 requests gets the identity of its user, and the heap does not grow', async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
  await many(3_000, agent, 'warm');
  const before = await measure();
  await many(10_000, agent, 'user');
  const after = await measure();
  agent.destroy();
  console.log(
    `heap ${(before.heap / 1e6).toFixed(2)} MB, after 10,000 requests ${(after.heap / 1e6).toFixed(2)} MB`,
  );
  // A leak of 100 bytes per request would increase the heap by a megabyte.
  expect(after.heap - before.heap).toBeLessThan(1_000_000);
  expect(output).toBe('');
});

/**
 * Starts clients that disconnect before, during and after a request, some with a TCP reset. At the same time, other
 * clients send complete requests.
 */
async function abruptly(prefix: string, agent: http.Agent): Promise<void> {
  const abrupt = Array.from({ length: 600 }, async (_, index) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    const request = `GET ${paths[index % 3]}?user=${prefix}-${index} HTTP/1.1\r\nHost: shop\r\nAccept: text/html\r\n\r\n`;
    const leave = () => (index % 2 ? socket.destroy() : socket.resetAndDestroy());
    if (index % 5 === 0) {
      socket.write(request.slice(0, index % request.length));
      leave();
    } else if (index % 5 === 1) {
      socket.write(request, leave);
    } else {
      // Sends three requests at once on one connection, and disconnects at the first byte of a response.
      socket.write(request.repeat(3));
      socket.once('data', leave);
    }
    if (!socket.closed) await once(socket, 'close');
  });
  await Promise.all([...abrupt, many(600, agent, prefix)]);
}

/** Waits until all connections are closed, and returns the heap in bytes. */
async function heapWithoutConnections(): Promise<number> {
  let { heap, connections } = await measure();
  while (connections > 0) ({ heap, connections } = await measure());
  return heap;
}

test('slow and disconnecting clients do not affect other clients, and cause no errors and no memory leaks', async () => {
  const warm = new http.Agent({ keepAlive: true, maxSockets: 4 });
  await many(500, warm, 'warm');
  await abruptly('warm', warm); // The first run fills permanent caches and compiles code, which must not count as a leak.
  warm.destroy();
  const before = await heapWithoutConnections();
  const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });

  // Each slow client sends one header at a time and never completes the request.
  const slow = Array.from({ length: 200 }, () => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write('GET /?user=slow HTTP/1.1\r\nHost: shop\r\n');
    return socket;
  });
  for (let round = 0; round < 5; round++) {
    for (const socket of slow) socket.write(`X-${round}: 1\r\n`);
    await many(100, agent, `beside-slow-${round}`);
  }

  for (let round = 0; round < 5; round++) await abruptly(`abrupt-${round}`, agent);

  for (const socket of slow) socket.destroy();
  await many(500, agent, 'afterwards');
  agent.destroy();
  const after = await heapWithoutConnections();
  expect(output).toBe('');
  expect(shop.exitCode).toBeNull();
  // There are 3,000 disconnecting clients. A leak of 350 bytes for each would increase the heap by a megabyte.
  expect(after - before).toBeLessThan(1_000_000);
});
