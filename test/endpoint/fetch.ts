import { once } from 'node:events';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { serve } from 'srvx';
import { fetchApp } from './fetch-app.js';
import type { StartApp } from './table.js';

/** Starts an app of the table with @hono/node-server. */
export const startWithHono: StartApp = async (options) => {
  const server = createAdaptorServer({ fetch: fetchApp(options) }) as Server;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
};

/** Starts an app of the table with srvx. */
export const startWithSrvx: StartApp = async (options) => {
  const server = serve({ fetch: fetchApp(options), port: 0, hostname: '127.0.0.1', silent: true });
  await server.ready();
  return server.node!.server as Server;
};
