import { createServer, type RequestListener, type Server } from 'node:http';
import { listen } from '../support/http.js';

/** A server on a free port of this machine. */
export interface Running {
  origin: string;
  close(): Promise<void>;
}

/** Serves the result of `create`, which receives the origin. */
export async function serve(
  create: (origin: string) => RequestListener | Promise<RequestListener>,
): Promise<Running> {
  const server: Server = createServer();
  const { url: origin, close } = await listen(server);
  server.on('request', await create(origin));
  return { origin, close };
}
