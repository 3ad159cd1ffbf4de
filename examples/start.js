// @ts-check
/**
 * `npm start [express|koa|hono|next]`: runs an example together with the sandbox, an embedded Chatwoot inbox. If
 * CHATWOOT_BASE_URL, CHATWOOT_WEBSITE_TOKEN and CHATWOOT_HMAC_TOKEN are set, the example uses that Chatwoot server instead.
 */
import { execSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { setup: { type: 'boolean' } },
});
const [name = 'express'] = positionals;
const server = new URL(`./${name}/server.js`, import.meta.url);
if (!/^\w+$/.test(name) || !existsSync(server)) {
  console.error(`Unknown example "${name}". Try express, koa, hono or next.`);
  process.exit(1);
}
// The setup runs after the check of the name, because the first setup takes a minute.
if (values.setup) execSync('npm run --silent setup', { stdio: 'inherit' });

process.env.PORT ??= String(await freePort(3000, 'localhost', 'the app'));
if (!process.env.CHATWOOT_BASE_URL) {
  const { startSandbox } = await import('@chatwoot-identity/sandbox');
  const { baseUrl, websiteToken, hmacToken } = await startSandbox({
    port: await freePort(3001, '127.0.0.1', "the agent's side"),
  });
  process.env.CHATWOOT_BASE_URL = baseUrl;
  process.env.CHATWOOT_WEBSITE_TOKEN = websiteToken;
  process.env.CHATWOOT_HMAC_TOKEN = hmacToken;
}
await import(server.href);
console.log(`The agent's side: ${process.env.CHATWOOT_BASE_URL}`);

/**
 * Returns the wanted port if it is free. Otherwise prints a message and returns another port.
 * @param {number} wanted
 * @param {string} host
 * @param {string} user
 * @returns {Promise<number>}
 */
async function freePort(wanted, host, user) {
  const probe = createServer().listen(wanted, host);
  try {
    await once(probe, 'listening');
  } catch {
    const other = await freePort(0, host, user);
    console.log(`Port ${wanted} is taken, so ${user} is on port ${other}.`);
    return other;
  }
  const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address());
  probe.close();
  await once(probe, 'close');
  return port;
}
