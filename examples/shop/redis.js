// @ts-check
import { once } from 'node:events';
import { createClient } from 'redis';

const { REDIS_URL, SESSION_SECRET } = process.env;
if (REDIS_URL && !SESSION_SECRET) {
  throw new Error(
    'Set SESSION_SECRET too: all processes that share sessions must sign the cookie with the same secret.',
  );
}

/**
 * The connection to the Redis server that all processes of the shop share. The connection is undefined if
 * REDIS_URL is not set.
 */
export const redis = REDIS_URL ? await connect(REDIS_URL) : undefined;

/**
 * Connects to Redis. While Redis is down or hangs, commands fail instead of waiting, so that pages are not delayed. The
 * client reconnects as soon as possible.
 *
 * @param {string} url for example redis://localhost:6379
 */
async function connect(url) {
  const client = createClient({
    url,
    disableOfflineQueue: true, // commands fail immediately while there is no connection
    pingInterval: 1_000, // if Redis sends nothing for two seconds, not even responses to pings, the client reconnects
    socket: { connectTimeout: 1_000, socketTimeout: 2_000, reconnectStrategy: () => 500 },
  });
  // Without a listener, the first error would crash the process.
  client.on('error', (error) => console.error(`Redis: ${error.message || error.code}`));
  client.connect();
  await once(client, 'ready').catch(() => {}); // the shop starts even if Redis is down
  return client;
}
