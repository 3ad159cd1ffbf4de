// @ts-check
// Measures how the cost of a request grows with the number of inboxes of an `inbox` function, and with the number of
// connections. Usage after a build: `node test/bench/growth.js [--quick]`
import { createRequire } from 'node:module';
import { compare, machine, printTable, start } from './compare.js';
import { connect } from './load.js';

const { version } = createRequire(import.meta.url)('express/package.json');
const counts = [10, 100, 1_000, 10_000];

await compare({
  name: 'inboxes',
  title: 'An inbox function with many inboxes, against one inbox',
  server: new URL('growth-server.js', import.meta.url),
  versions: [`express ${version}`],
  workloads: [
    { name: 'endpoint', path: '/chatwoot/identity', headers: { accept: '*/*' } },
    { name: 'page of 20 KB', path: '/page' },
  ],
  ratios: counts.map((count) => /** @type {const} */ ([`${count} inboxes`, '1 inbox'])),
  check(variant, _workload, answer, body) {
    if (answer.status !== 200 || !/identifier_hash|chatwoot-identity/.test(body))
      throw new Error(`${variant}: ${answer.status} ${body}`);
  },
});

const milliseconds = process.argv.includes('--quick') ? 1_000 : 4_000;
console.log(`\nThe endpoint under more connections\n${machine([`express ${version}`])}`);
/** @type {string[][]} */
const rows = [];
for (const connections of [1, 16, 256, 1_024]) {
  for (const variant of ['Express by hand', 'Express, ours']) {
    // Starts a new process for each measurement, because the largest resident set size never decreases.
    const server = await start(new URL('endpoint-server.js', import.meta.url), variant);
    const clients = await connect(server.port, connections);
    const headers = { accept: '*/*' };
    await clients.ask('/chatwoot/identity', { milliseconds: milliseconds / 4, headers });
    const before = await server.cpu();
    const requests = await clients.ask('/chatwoot/identity', { milliseconds, headers });
    const cpu = ((await server.cpu()) - before) / requests;
    // Each connection always has exactly one request in progress.
    const wait = (connections * milliseconds) / requests;
    const memory = (await server.memory()) / 2 ** 20;
    rows.push([`${connections}`, variant, cpu.toFixed(0), wait.toFixed(2), memory.toFixed(0)]);
    clients.close();
    server.stop();
  }
}
printTable([['connections', '', 'CPU, µs', 'response time, ms', 'memory, MB'], ...rows]);
