// @ts-check
// Measures when the pieces of a slow page arrive, and the memory and CPU time for 50 concurrent pages of 20 MB.
// Usage after a build: `node test/bench/streaming.js [--quick]`
import { once } from 'node:events';
import http from 'node:http';
import { createRequire } from 'node:module';
import { machine, printTable, start } from './compare.js';
import { PIECES } from './pages.js';

const { version } = createRequire(import.meta.url)('express/package.json');
const server = new URL('injection-server.js', import.meta.url);
const variants = ['none', 'ours', 'connect-inject', 'express-interceptor', 'html-rewriter'];
/** The variants that can send large pages. The other variants buffer whole pages or need minutes. */
const streaming = ['none', 'ours'];
const rounds = process.argv.includes('--quick') ? 2 : 5;
const CLIENTS = 50;

console.log(`\nStreaming\n${machine([`express ${version}`])}\n${rounds} rounds; the median of each`);

console.log('\nWhen each piece of a page arrives, in milliseconds, written at 0, 100, 200, 300, 400');
/** @type {Map<string, number[][]>} */
const arrivals = new Map(variants.map((name) => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const name of variants) {
    const { port, stop } = await start(server, name);
    await slowPage(port); // The first page is a warm-up.
    arrivals.get(name)?.push(await slowPage(port));
    stop();
  }
}
printTable([
  ['', 'first', 'second', 'third', 'fourth', 'fifth'],
  ...variants.map((name) => [
    name,
    ...PIECES.map((_, piece) =>
      median((arrivals.get(name) ?? []).map((times) => times[piece] ?? 0)).toFixed(1),
    ),
  ]),
]);

console.log(`\n${CLIENTS} pages of 20 MB at once: memory above that of the idle server, and CPU time`);
/** @type {Map<string, { megabytes: number, perGigabyte: number }[]>} */
const costs = new Map(streaming.map((name) => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const name of streaming) {
    const { port, cpu, memory, stop } = await start(server, name);
    await hugePage(port);
    const [idle, before] = [await memory(), await cpu()];
    const bytes = await Promise.all(Array.from({ length: CLIENTS }, () => hugePage(port)));
    const gigabytes = bytes.reduce((sum, count) => sum + count) / 2 ** 30;
    costs.get(name)?.push({
      megabytes: ((await memory()) - idle) / 2 ** 20,
      perGigabyte: ((await cpu()) - before) / 1e6 / gigabytes,
    });
    stop();
  }
}
const none = median((costs.get('none') ?? []).map(({ perGigabyte }) => perGigabyte));
printTable([
  ['', 'memory, MB', 'CPU, s/GB', 'CPU / none'],
  ...streaming.map((name) => {
    const runs = costs.get(name) ?? [];
    const cpu = median(runs.map(({ perGigabyte }) => perGigabyte));
    return [
      name,
      median(runs.map(({ megabytes }) => megabytes)).toFixed(0),
      cpu.toFixed(2),
      (cpu / none).toFixed(2),
    ];
  }),
]);

/**
 * @param {number} port
 * @returns {Promise<number[]>} the time at which each piece arrived, in milliseconds after the request
 */
async function slowPage(port) {
  const began = performance.now();
  const response = await get(port, '/slow');
  /** @type {number[]} */
  const times = [];
  let text = '';
  response.setEncoding('utf8').on('data', (data) => {
    text += data;
    const missing = PIECES.slice(times.length);
    for (const piece of missing) {
      if (!text.includes(piece)) break;
      times.push(performance.now() - began);
    }
  });
  await once(response, 'end');
  if (times.length !== PIECES.length) throw new Error('A piece of the page is missing.');
  return times;
}

/**
 * @param {number} port
 * @returns {Promise<number>} the length of the page in bytes
 */
async function hugePage(port) {
  const response = await get(port, '/huge');
  let length = 0;
  response.on('data', (/** @type {Buffer} */ data) => {
    length += data.length;
  });
  await once(response, 'end');
  return length;
}

/**
 * @param {number} port
 * @param {string} path
 * @returns {Promise<http.IncomingMessage>}
 */
async function get(port, path) {
  const request = http.get({ port, path, host: '127.0.0.1', agent: false, headers: { accept: 'text/html' } });
  const [response] = await once(request, 'response');
  return response;
}

/** @param {number[]} values */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (
    ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) /
    2
  );
}
