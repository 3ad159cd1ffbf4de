import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { type Sandbox, startSandbox } from '@chatwoot-identity/sandbox';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { listen } from '../next/story.js';
import { launchChromium } from '../support/chromium.js';
import { reach, write } from '../support/page.js';
import { setUser } from './consumer/story.js';
import { NEXT_STACK_NAMES, NEXT_STACKS, NODES } from './matrix.js';

const run = promisify(execFile);
const next = 'node_modules/next/dist/bin/next';
const ADA = { identifier: 'user-1', name: 'Ada Lovelace', email: 'ada@example.com' };

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

describe.each(NEXT_STACK_NAMES)('an app with %s', (stack) => {
  const cwd = inject('stacks')[stack];
  const { next: version, react } = NEXT_STACKS[stack].dependencies;
  const env = { ...process.env, NODE_ENV: 'production' as const, NEXT_TELEMETRY_DISABLED: '1' };

  // The app is built once, without secrets, and then runs on every Node.
  beforeAll(async () => {
    const { stdout, stderr } = await run(process.execPath, [next, 'build'], { cwd, env });
    expect(stdout + stderr).not.toMatch(/import error|not exported/i); // Next.js only warns about imports that fail at run time
  });

  /** Serves the built app. Resolves with the address of the app when it listens. */
  async function start(node: string) {
    const { hmacToken, websiteToken, baseUrl } = sandbox;
    const inbox = {
      CHATWOOT_HMAC_TOKEN: hmacToken,
      CHATWOOT_WEBSITE_TOKEN: websiteToken,
      CHATWOOT_BASE_URL: baseUrl,
    };
    const child = spawn(`${node}/node`, [next, 'start', '--port', '0', '--hostname', '127.0.0.1'], {
      cwd,
      env: { ...env, ...inbox },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const complaints = text(child.stderr);
    for await (const line of createInterface(child.stdout)) {
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
      if (url) return { child, url, complaints };
    }
    throw new Error(await complaints);
  }

  it.each(NODES)(`${version}, React ${react}: serves both routers on Node %s`, async (node) => {
    const { child, url, complaints } = await start(inject('nodes')[node]!);
    try {
      const login = await fetch(`${url}/login`, { method: 'POST' });
      const cookie = login.headers.get('set-cookie')!.split(';')[0]!;
      for (const [path, page] of [
        ['/chatwoot/identity', '/'],
        ['/api/chatwoot/identity', '/legacy'],
      ]) {
        expect((await fetch(url + path)).status).toBe(401);
        const answer = await fetch(url + path, { headers: { cookie } });
        const identity = await answer.json();
        expect(answer.headers.get('cache-control')).toContain('no-store');
        expect(identity).toEqual({ ...ADA, identifier_hash: expect.any(String) });
        expect(await setUser(sandbox, identity)).toBe(200);
        expect(await setUser(sandbox, { ...identity, identifier: 'user-2' })).toBe(401);
        const html = async (headers: HeadersInit) => {
          const response = await fetch(url + page, { headers });
          expect(response.status).toBe(200);
          return response.text();
        };
        expect(await html({ cookie })).toContain(identity.identifier_hash);
        expect(await html({})).not.toContain(identity.identifier_hash);
      }
      const required = await (await fetch(`${url}/api/commonjs`)).json();
      expect(required).toMatchObject({ identifier: 'user-1', name: 'user-1' });
    } finally {
      child.kill();
      await once(child, 'close');
    }
    expect(await complaints).not.toContain('Error'); // Next.js logs the error but still sends the page
  });

  // The Pages Router uses the React that the app has installed. The App Router uses the React inside Next.js.
  it(`${version}, React ${react}: shows the chat of both routers in Chromium`, async () => {
    const { child, url } = await start(inject('nodes')[NODES[0]]!);
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      const errors: Error[] = [];
      page.on('pageerror', (error) => errors.push(error));
      const story = listen(sandbox);
      await page.request.post(`${url}/login`);
      await page.goto(url);
      await page.waitForFunction(() => Symbol.for('chatwoot-identity') in window); // React has hydrated the page
      await reach(page, 'connected');
      await page.goto(`${url}/legacy`);
      await page.getByRole('heading', { name: 'connected' }).waitFor();
      expect(await write(page, sandbox, `hello from React ${react}`)).toBe(`${ADA.identifier}, verified`);
      expect(story.lines()).toEqual(['session 1', `${ADA.identifier} verified in 1`, 'resumed 1']);
      expect(errors).toEqual([]);
    } finally {
      await browser.close();
      child.kill();
      await once(child, 'close');
    }
  });
});
