import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hmacToken, session, startEndpoint } from '../audits/faults.js';
import { environment } from '../cli/run.js';
import { NODES } from './matrix.js';
import { runWith } from './program.js';

// The only packages that `npm install chatwoot-identity` may install.
const NEEDED = [
  'chatwoot-identity',
  ...['core', 'diagnostics', 'sandbox'].map((name) => `@chatwoot-identity/${name}`),
];
const tarballs = inject('tarballs').filter(({ name }) => NEEDED.includes(name));
const nodes = inject('nodes');
const hash = createHmac('sha256', hmacToken).update('user-1').digest('hex');

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'empty-'));
  const files = tarballs.map(({ file }) => file);
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  await runWith(dirname(process.execPath), folder, ['npm', 'install', ...flags, ...files]);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(NODES)('npx chatwoot-identity in an empty folder, Node %s', (version) => {
  const node = nodes[version]!;
  const npx = (words: string[], env: Record<string, string> = {}) =>
    runWith(node, folder, ['npx', 'chatwoot-identity', ...words], { CHATWOOT_HMAC_TOKEN: hmacToken, ...env });

  it('prints a hash', async () => {
    expect(await npx(['hash', 'user-1'])).toBe(`${hash}\n`);
  });

  it('verifies a hash', async () => {
    expect(await npx(['verify', 'user-1', hash])).toContain('The hash is correct.');
    await expect(npx(['verify', 'user-2', hash])).rejects.toMatchObject({ code: 1 });
  });

  it('explains a wrong hash', async () => {
    const explained = npx(['explain', 'user-1', hash.toUpperCase()]);
    await expect(explained).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('[upper_case]'),
    });
  });

  it('checks an endpoint', async () => {
    const endpoint = await startEndpoint();
    const output = await npx(['check', endpoint.url, '--cookie', session.cookie]);
    await endpoint.close();
    expect(output).toMatch(/\n\d+ passed, 0 failed, 0 with warnings, 0 skipped\n$/);
  });

  it('starts a sandbox that doctor accepts', async () => {
    const bin = join(folder, 'node_modules', '.bin', 'chatwoot-identity');
    const sandbox = spawn(join(node, 'node'), [bin, 'sandbox', '--port', '0', '--json'], {
      cwd: folder,
      env: environment(),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [printed] = await once(sandbox.stdout, 'data');
    const { baseUrl, websiteToken, hmacToken } = JSON.parse(printed);
    const env = { CHATWOOT_HMAC_TOKEN: hmacToken };
    const words = ['doctor', '--yes', '--base-url', baseUrl, '--website-token', websiteToken];
    expect(await npx(words, env)).toContain('A correct hash is accepted.');
    sandbox.kill('SIGINT');
    expect(await once(sandbox, 'exit')).toEqual([0, null]);
  });

  it.each(['hash', 'verify', 'explain', 'check', 'doctor', 'sandbox'])(
    'prints the help of %s',
    async (name) => {
      expect(await npx([name, '--help'])).toContain(`Usage: chatwoot-identity ${name}`);
    },
  );
});
