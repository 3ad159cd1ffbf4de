import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on a free port of this machine. */
export interface Running {
  origin: string;
  close(): Promise<void>;
}

/** Serves what `create` makes for the origin it is given. */
export async function serve(
  create: (origin: string) => RequestListener | Promise<RequestListener>,
): Promise<Running> {
  const server: Server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.on('request', await create(origin));
  return {
    origin,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
