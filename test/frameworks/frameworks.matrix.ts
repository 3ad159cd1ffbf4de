import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Sandbox, startSandbox } from '@chatwoot-identity/sandbox';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { endWithFile } from '../support/children.js';
import { launchChromium } from '../support/chromium.js';
import { freePort } from '../support/free-port.js';
import { FRAMEWORKS } from './frameworks.js';

const run = promisify(execFile);
const node = inject('node');

let sandbox: Sandbox;
let browser: Browser;

beforeAll(async () => {
  sandbox = await startSandbox();
  browser = await launchChromium();
});

afterAll(async () => {
  await browser.close();
  await sandbox.close();
});

describe.each(FRAMEWORKS)('an app with $name', ({ folder, build, start }) => {
  const cwd = join(inject('apps'), folder);
  let url: string;

  beforeAll(async () => {
    const port = await freePort();
    url = `http://localhost:${port}`;
    const env = {
      ...process.env,
      PATH: `${node}:${process.env.PATH}`,
      NODE_ENV: 'production',
      ASTRO_TELEMETRY_DISABLED: '1',
      NUXT_TELEMETRY_DISABLED: '1',
      PORT: String(port),
      HOST: 'localhost',
      ORIGIN: url,
      SESSION_SECRET: 'a secret of the test with more than 32 characters',
      CHATWOOT_BASE_URL: sandbox.baseUrl,
      CHATWOOT_WEBSITE_TOKEN: sandbox.websiteToken,
      CHATWOOT_HMAC_TOKEN: sandbox.hmacToken,
    };
    if (build) await run('npx', [...build], { cwd, env, maxBuffer: 2 ** 24 });
    const child = endWithFile(
      spawn(join(node, 'node'), start, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] }),
    );
    child.stdout.resume();
    const ended = once(child, 'exit').then(() => expect.unreachable(`${folder}: the app exited`));
    ended.catch(() => {}); // the app also exits when the test stops it
    await Promise.race([ended, vi.waitFor(() => fetch(url), 60_000)]);
    return () => {
      child.kill();
    };
  });

  test('verifies Ada in the chat, logs her out, and then verifies Grace', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const cookies = async () => (await context.cookies()).map(({ name }) => name);
    const isVerified = async (identifier: string) => {
      const from = sandbox.record.length;
      await page.goto(`${url}/login?user=${identifier}`);
      const event = await sandbox.until(({ type, index }) => type === 'set_user' && index >= from);
      expect(event).toMatchObject({ identifier, status: 200, verified: true });
    };

    await isVerified('user-1');
    expect(await cookies()).toContain('cw_conversation');
    await page.evaluate(() => fetch('/logout', { method: 'POST', redirect: 'manual' }));
    expect(await cookies()).not.toContain('cw_conversation');
    await isVerified('user-2');
    await context.close();
  });

  test('serves a page without an identity, and an endpoint that is not cacheable', async () => {
    const login = await fetch(`${url}/login?user=user-1`, { redirect: 'manual' });
    const cookie = login.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    const html = await (await fetch(url, { headers: { cookie, accept: 'text/html' } })).text();
    expect(html.split('id="chatwoot-identity"')).toHaveLength(2);
    expect(html).not.toMatch(/[0-9a-f]{64}/);

    const identity = await fetch(`${url}/chatwoot/identity`, { headers: { cookie } });
    expect(identity.headers.get('cache-control')).toBe('private, no-store');
    expect(await identity.json()).toMatchObject({ identifier: 'user-1', name: 'Ada Lovelace' });
    expect((await fetch(`${url}/chatwoot/identity`)).status).toBe(401);
    expect((await fetch(`${url}/chatwoot/identity`, { method: 'HEAD' })).status).toBe(401);
  });
});
