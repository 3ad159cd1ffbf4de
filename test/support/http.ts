import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo, Server } from 'node:net';

/** A response with its trailers. The body is not decompressed. */
export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  trailers: NodeJS.Dict<string>;
  body: Buffer;
}

/** The request headers of a browser's top-level navigation. */
export const NAVIGATION = {
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
};

/** A running server. */
export interface Running {
  readonly url: string;
  /** Closes the server and its connections. */
  close(): Promise<void>;
}

/** Starts a server on a free loopback port. */
export async function listen(server: Server): Promise<Running> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      (server as http.Server).closeAllConnections?.();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Starts a server on a free loopback port, passes its URL to `use`, and closes it afterwards. */
export async function serving<T>(server: Server, use: (url: string) => Promise<T>): Promise<T> {
  const { url, close } = await listen(server);
  try {
    return await use(url);
  } finally {
    await close();
  }
}

/**
 * Sends one request on a new connection. The default headers are those of a page request by a browser without Fetch
 * Metadata.
 */
export function ask(
  url: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: http.OutgoingHttpHeaders } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      url,
      { method, headers: { accept: 'text/html', ...headers }, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            trailers: response.trailers,
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end();
  });
}
