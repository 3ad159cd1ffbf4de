// @ts-check
// Measures the cost of the identity endpoint, and the cost of the middleware for other routes of the app.
// Usage after a build: `node test/bench/endpoint.js [--quick]`
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { compare } from './compare.js';

const require = createRequire(import.meta.url);
const server = new URL('endpoint-server.js', import.meta.url);
const versions = ['express', 'koa', 'next'].map(
  (name) => `${name} ${require(`${name}/package.json`).version}`,
);

execFileSync(process.execPath, [require.resolve('next/dist/bin/next'), 'build'], {
  cwd: fileURLToPath(new URL('next', import.meta.url)),
  env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
});

await compare({
  name: 'endpoint',
  title: 'GET /chatwoot/identity of a signed-in user',
  server,
  versions,
  workloads: [1, 16, 256].map((connections) => ({
    name: `${connections} connection${connections === 1 ? '' : 's'}`,
    path: '/chatwoot/identity',
    headers: { accept: '*/*' },
    connections,
  })),
  ratios: [
    ['Express, ours', 'Express by hand'],
    ['Koa, ours', 'Koa by hand'],
    ['Next, ours', 'Next by hand'],
    ['Express, ours', 'node:http'],
    ['Koa, ours', 'node:http'],
  ],
  check(variant, _workload, answer, body) {
    const { identifier_hash } = JSON.parse(body);
    const kept = answer.headers.get('cache-control') !== 'private, no-store';
    if (kept || !/^[0-9a-f]{64}$/.test(identifier_hash)) throw new Error(`${variant}: ${body}`);
  },
});

await compare({
  name: 'other-routes',
  title: 'Other routes: GET /api, 60 bytes of JSON',
  server,
  versions,
  workloads: [
    { name: 'asked for JSON', path: '/api', headers: { accept: 'application/json' } },
    { name: 'asked for by fetch', path: '/api', headers: { accept: '*/*', 'sec-fetch-dest': 'empty' } },
    { name: 'asked for as a page', path: '/api' },
  ],
  ratios: [
    ['Express, ours', 'Express by hand'],
    ['Express, ours injecting', 'Express by hand'],
    ['Koa, ours', 'Koa by hand'],
    ['Koa, ours injecting', 'Koa by hand'],
  ],
  check(variant, _workload, answer, body) {
    if (JSON.parse(body).message !== 'Hello') throw new Error(`${variant}: ${answer.status} ${body}`);
  },
});
