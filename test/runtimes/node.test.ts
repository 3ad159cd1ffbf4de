import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { serve } from 'srvx';
import { afterAll, beforeAll, describe } from 'vitest';
import { app } from './app.js';
import { testServer } from './server-tests.js';

describe.each<[string, () => Server]>([
  ['@hono/node-server', () => (createAdaptorServer({ fetch: app }) as Server).listen(0, '127.0.0.1')],
  ['srvx', () => serve({ fetch: app, port: 0, hostname: '127.0.0.1', silent: true }).node!.server as Server],
])('the Fetch adapter in Node through %s', (_name, start) => {
  let server: Server;
  beforeAll(async () => {
    server = start();
    if (!server.listening) await once(server, 'listening');
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  testServer(() => `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
