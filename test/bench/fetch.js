// @ts-check
// Measures the throughput of the Fetch adapter on Node, Bun and Deno, relative to the same app without the adapter.
// Usage after `npm run test:runtimes`, which installs Bun and Deno: `node test/bench/fetch.js [--quick]`
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { printTable, shuffled, summary } from './compare.js';
import { connect } from './load.js';

const CONNECTIONS = 8;
const quick = process.argv.includes('--quick');
const repetitions = quick ? 1 : 4;
const rounds = 10;
const milliseconds = 50;

const cache = (/** @type {string} */ name) =>
  fileURLToPath(
    new URL(`../../node_modules/.cache/runtimes/${name}/node_modules/.bin/${name}`, import.meta.url),
  );
/** @type {Record<string, string[]>} */
const RUNTIMES = {
  [`Node ${process.version}`]: [process.execPath],
  Bun: [cache('bun')],
  Deno: [cache('deno'), 'run', '--allow-all'],
};
/** @type {Record<string, string>} */
const WORKLOADS = {
  'the endpoint': '/chatwoot/identity',
  'JSON of the app': '/api',
  'a page of 20 KB': '/page',
  'a streamed page of 20 KB': '/stream',
};
const headers = {
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
  'user-agent': 'bench',
  cookie: 'session=0123456789abcdef',
};

const rows = [['', ...Object.keys(WORKLOADS)]];
for (const [runtime, command] of Object.entries(RUNTIMES)) {
  /** @type {Map<string, number[]>} */
  const ratios = new Map(Object.keys(WORKLOADS).map((name) => [name, []]));
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const variants = [await start(command, 'by hand'), await start(command, 'ours')];
    for (const [name, path] of Object.entries(WORKLOADS)) {
      const loaded = await Promise.all(
        variants.map(async ({ variant, port }) => ({ variant, clients: await connect(port, CONNECTIONS) })),
      );
      for (const { clients } of loaded) await clients.ask(path, { milliseconds: 500, headers });
      /** @type {Record<string, number>} */
      const fastest = {};
      for (let round = 0; round < rounds; round++) {
        for (const { variant, clients } of shuffled(loaded)) {
          await clients.ask(path, { milliseconds: milliseconds / 3, headers });
          const from = performance.now();
          const requests = await clients.ask(path, { milliseconds, headers });
          fastest[variant] = Math.max(fastest[variant] ?? 0, requests / (performance.now() - from));
        }
      }
      ratios.get(name)?.push((fastest.ours ?? 0) / (fastest['by hand'] ?? 0));
      for (const { clients } of loaded) clients.close();
    }
    for (const { stop } of variants) stop();
  }
  rows.push([runtime, ...[...ratios.values()].map(summary)]);
}
console.log(
  `Requests per second, ours / by hand. ${repetitions} repetitions, the fastest of ${rounds} rounds of ${milliseconds} ms.`,
);
printTable(rows);

/** @param {string[]} command @param {string} variant */
async function start([program = '', ...words], variant) {
  const server = fileURLToPath(new URL('fetch-server.js', import.meta.url));
  const child = spawn(program, [...words, server, variant], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${program} did not start. Run "npm run test:runtimes" once: it installs Bun and Deno.`);
  });
  const [line] = await Promise.race([once(child.stdout, 'data'), ended]);
  ended.catch(() => {});
  return { variant, port: Number(line), stop: () => child.kill() };
}
