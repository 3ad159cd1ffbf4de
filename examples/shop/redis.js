// @ts-check
import { once } from 'node:events';
import { createClient } from 'redis';

const { REDIS_URL, SESSION_SECRET } = process.env;
if (REDIS_URL && !SESSION_SECRET) {
  throw new Error('Set SESSION_SECRET too: all who share sessions sign the cookie with the same secret.');
}

/** The Redis that all processes of the shop share, where REDIS_URL names one. */
export const redis = REDIS_URL ? await connect(REDIS_URL) : undefined;

/**
 * While Redis is away or hangs, commands fail instead of waiting, so that pages need not wait either; the client
 * tries again for ever.
 *
 * @param {string} url for example redis://localhost:6379
 */
async function connect(url) {
  const client = createClient({
    url,
    disableOfflineQueue: true, // commands fail at once while there is no connection
    pingInterval: 1_000, // a connection that is silent for two seconds, even to this, counts as lost
    socket: { connectTimeout: 1_000, socketTimeout: 2_000, reconnectStrategy: () => 500 },
  });
  // Without a listener, the first error would end the process.
  client.on('error', (error) => console.error(`Redis: ${error.message || error.code}`));
  client.connect();
  await once(client, 'ready').catch(() => {}); // the shop opens all the same
  return client;
}
