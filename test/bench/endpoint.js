// @ts-check
// What the identity endpoint costs, and what it costs the routes that are not ours.
// `node test/bench/endpoint.js [--quick]`, after a build.
import { createRequire } from 'node:module';
import { compare } from './compare.js';

const { version } = createRequire(import.meta.url)('express/package.json');
const server = new URL('endpoint-server.js', import.meta.url);
const versions = [`express ${version}`];

await compare({
  title: 'The endpoint: a signed-in user asks GET /chatwoot/identity',
  server,
  versions,
  workloads: [{ name: 'JSON', path: '/chatwoot/identity', headers: { accept: '*/*' } }],
  ratios: [
    ['ours', 'by hand'],
    ['ours', 'node:http'],
    ['by hand', 'node:http'],
  ],
  check(variant, _workload, answer, body) {
    const { identifier_hash } = JSON.parse(body);
    const kept = answer.headers.get('cache-control') !== 'private, no-store';
    if (kept || !/^[0-9a-f]{64}$/.test(identifier_hash)) throw new Error(`${variant}: ${body}`);
  },
});

await compare({
  title: 'Other routes: GET /api, 60 bytes of JSON',
  server,
  versions,
  workloads: [
    { name: 'asked for JSON', path: '/api', headers: { accept: 'application/json' } },
    { name: 'asked for by fetch', path: '/api', headers: { accept: '*/*', 'sec-fetch-dest': 'empty' } },
    { name: 'asked for as a page', path: '/api' },
  ],
  ratios: [
    ['ours', 'by hand'],
    ['ours, injecting', 'by hand'],
  ],
  check(variant, _workload, answer, body) {
    if (JSON.parse(body).message !== 'Hello') throw new Error(`${variant}: ${answer.status} ${body}`);
  },
});
