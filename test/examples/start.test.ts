import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.js';

const script = fileURLToPath(new URL('../../examples/start.js', import.meta.url));
const { CHATWOOT_BASE_URL, CHATWOOT_WEBSITE_TOKEN, CHATWOOT_HMAC_TOKEN, PORT, ...clean } = process.env;
const running: ChildProcess[] = [];

afterEach(async () => {
  const alive = running
    .splice(0)
    .filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  const exits = alive.map((child) => once(child, 'exit'));
  for (const child of alive) child.kill();
  await Promise.all(exits); // The next test needs the default ports.
});

describe('npm start', () => {
  it.each([
    ['without an argument', []],
    ['with the argument express', ['express']],
    ['with the argument koa', ['koa']],
    ['with the argument hono', ['hono']],
  ])('serves the app and the sandbox, and prints both addresses (%s)', async (_name, example) => {
    const { app, agent } = await start({}, example);
    expect(await text(app)).toContain('Paper &amp; Ink');
    expect(await text(agent)).toContain('<title>Sandbox inbox</title>');
    expect(await text(`${agent}/packs/js/sdk.js`)).toContain('chatwootSDK');
    expect(await text(app)).toContain(`"base_url":"${agent}"`);
  });

  it('listens on the port in the environment variable PORT', async () => {
    const port = await freePort();
    const { app } = await start({ PORT: String(port) });
    expect(app).toBe(`http://localhost:${port}`);
  });

  it('uses other ports if the default ports are taken', async () => {
    const first = await start({});
    const second = await start({});
    expect(second.printed).toContain(
      `Port 3000 is taken, so the app is on port ${new URL(second.app).port}.`,
    );
    expect(second.printed).toContain(
      `Port 3001 is taken, so the agent's side is on port ${new URL(second.agent).port}.`,
    );
    expect(new Set([first.app, first.agent, second.app, second.agent]).size).toBe(4);
    expect(await text(second.app)).toContain(`"base_url":"${second.agent}"`);
  });

  it('uses the Chatwoot inbox in the environment variables and starts no sandbox', async () => {
    const { app, agent } = await start({
      PORT: '0', // Another process may take port 3000 between the check and the start.
      CHATWOOT_BASE_URL: 'https://chat.example.com',
      CHATWOOT_WEBSITE_TOKEN: 'S7qSB2oFvtsTxvUmJrSLSdLr',
      CHATWOOT_HMAC_TOKEN: 'EPyYngFb62yBMWXaSCrUZoL9',
    });
    expect(agent).toBe('https://chat.example.com');
    expect(await text(app)).toContain(
      '"base_url":"https://chat.example.com","website_token":"S7qSB2oFvtsTxvUmJrSLSdLr"',
    );
    expect(await text(app)).not.toContain('EPyYngFb62yBMWXaSCrUZoL9');
  });

  it.each([
    [
      'the base URL of an inbox without the tokens',
      ['express'],
      { CHATWOOT_BASE_URL: 'https://chat.example.com' },
      'inbox.hmacToken is empty',
    ],
    ['an unknown example', ['fastify'], {}, 'Unknown example "fastify". Try express, koa, hono or next.'],
    // npm is not on this PATH, so the set-up would fail if it ran before the check.
    ['an unknown example before it runs the set-up', ['--setup', 'fastify'], { PATH: '' }, 'Unknown example'],
  ])('exits with an error that names the fix for %s', async (_name, args, env, message) => {
    const child = spawn(process.execPath, [script, ...args], { env: { ...clean, ...env } });
    running.push(child);
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(errors).toContain(message);
  });
});

async function start(
  env: Record<string, string>,
  example: string[] = [],
): Promise<{ app: string; agent: string; printed: string[] }> {
  const child = spawn(process.execPath, [script, ...example], { env: { ...clean, ...env } });
  running.push(child);
  let app = '';
  const printed: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    printed.push(line);
    app ||= /^The app: +(\S+)$/.exec(line)?.[1] ?? '';
    const agent = /^The agent's side: +(\S+)$/.exec(line)?.[1];
    if (agent) return { app, agent, printed };
  }
  throw new Error('The example ended before it printed its addresses.');
}

async function text(url: string): Promise<string> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  return response.text();
}
