// @ts-check
import { once } from 'node:events';
import { createClient } from 'redis';

const { REDIS_URL, SESSION_SECRET } = process.env;
if (REDIS_URL && !SESSION_SECRET) {
  throw new Error(
    'Set SESSION_SECRET too: all processes that share sessions must sign the cookie with the same secret.',
  );
}

/** The Redis that all processes of the shop share, if REDIS_URL is set. */
export const redis = REDIS_URL ? await connect(REDIS_URL) : undefined;

/**
 * While Redis is down or hangs, commands fail instead of waiting, so that pages are not delayed. The client reconnects as
 * soon as it can.
 *
 * @param {string} url for example redis://localhost:6379
 */
async function connect(url) {
  const client = createClient({
    url,
    disableOfflineQueue: true, // commands fail at once while there is no connection
    pingInterval: 1_000, // if the connection is silent for two seconds, even to pings, it counts as lost
    socket: { connectTimeout: 1_000, socketTimeout: 2_000, reconnectStrategy: () => 500 },
  });
  // Without a listener, the first error would crash the process.
  client.on('error', (error) => console.error(`Redis: ${error.message || error.code}`));
  client.connect();
  await once(client, 'ready').catch(() => {}); // the shop starts without Redis
  return client;
}
