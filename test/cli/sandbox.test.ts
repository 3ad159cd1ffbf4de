import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { run, runProcess, startSandboxCommand } from './run.js';

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function start(env: Record<string, string>, ...args: string[]) {
  const started = await startSandboxCommand(env, ...args);
  children.push(started.child);
  return started;
}

test('the command sandbox starts an inbox that doctor accepts, and stops on SIGTERM', async () => {
  const { child, printed } = await start({}, '--enforce');
  const env = Object.fromEntries(
    Array.from(printed.matchAll(/^(CHATWOOT_\w+)=(.+)$/gm), ([, name, value]) => [name!, value!]),
  );
  const { code, stdout } = await run(['doctor', '--yes'], env);
  expect(code).toBe(0);
  expect(stdout).toContain('Enforcement is on');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('uses a token from the environment and never prints it', async () => {
  const hmacToken = 'wyHVRZzzJhjPMKR2h7LpeJVy';
  const { printed } = await start(
    { CHATWOOT_HMAC_TOKEN: hmacToken, CHATWOOT_WEBSITE_TOKEN: 'PublicToken' },
    '--json',
  );
  expect(printed).not.toContain(hmacToken);
  const { baseUrl, websiteToken, enforced } = JSON.parse(printed);
  expect([websiteToken, enforced]).toEqual(['PublicToken', false]);
  const args = ['doctor', '--yes', '--base-url', baseUrl, '--website-token', websiteToken];
  expect((await run(args, { CHATWOOT_HMAC_TOKEN: hmacToken })).code).toBe(0);
});

test('prints one line and exits with 2 if the port is in use', async () => {
  const { printed } = await start({}, '--json');
  const { port } = new URL(JSON.parse(printed).baseUrl);
  const { code, stderr } = await run(['sandbox', '--port', port]);
  expect([code, stderr]).toEqual([
    2,
    `chatwoot-identity: Port ${port} is in use. Choose another one with --port.\n`,
  ]);
});

test('prints one line and exits with 2 in production', async () => {
  const { code, stderr } = await runProcess(['sandbox', '--port', '0'], { NODE_ENV: 'production' });
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^chatwoot-identity: .*production.*\n$/)]);
});
