import { createServer, type RequestListener, type Server } from 'node:http';
import { listen } from '../support/http.js';

/** A running server on a free port of the loopback interface. */
export interface Running {
  origin: string;
  close(): Promise<void>;
}

/** Starts a server with the request listener that `create` returns. `create` receives the origin of the server. */
export async function serve(
  create: (origin: string) => RequestListener | Promise<RequestListener>,
): Promise<Running> {
  const server: Server = createServer();
  const { url: origin, close } = await listen(server);
  server.on('request', await create(origin));
  return { origin, close };
}
