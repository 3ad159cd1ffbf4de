import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { COMMONJS_STACKS, NODES } from './matrix.js';
import { runWith } from './program.js';

const nodes = inject('nodes');
const stacks = inject('stacks');
const env = {
  CHATWOOT_HMAC_TOKEN: 'EPyYngFb62yBMWXaSCrUZoL9',
  CHATWOOT_WEBSITE_TOKEN: 'S7qSB2oFvtsTxvUmJrSLSdLr',
  CHATWOOT_BASE_URL: 'https://chat.example.com',
};
const identifier_hash = createHmac('sha256', env.CHATWOOT_HMAC_TOKEN).update('user-1').digest('hex');
const identity = { identifier: 'user-1', name: 'Ada Lovelace', identifier_hash };
const OLDEST = NODES[0];

/** Type-checks a project with its own TypeScript and tsconfig.json. */
const compile = (folder: string) => runWith(nodes[OLDEST]!, folder, ['npx', 'tsc', '-p', '.']);

/** Runs the specs of a project with its own Jest. */
const jest = (version: string, folder: string, ...flags: string[]) =>
  runWith(nodes[version]!, folder, ['node', ...flags, 'node_modules/jest/bin/jest.js', '--ci'], env);

describe(`an app with Express 4, TypeScript ${COMMONJS_STACKS['Express 4'].dependencies.typescript} and module: commonjs`, () => {
  const folder = stacks['Express 4'];

  beforeAll(() => compile(folder));

  it.each(NODES)('runs the output of tsc on Node %s', async (version) => {
    const output = await runWith(nodes[version]!, folder, ['node', 'dist/main.js'], env);
    expect(JSON.parse(output)).toEqual(identity);
  });

  it.each(['ts-node', 'tsx'])('runs its source with %s', async (runner) => {
    const output = await runWith(nodes[OLDEST]!, folder, ['npx', runner, 'src/main.ts'], env);
    expect(JSON.parse(output)).toEqual(identity);
  });

  it('runs a Jest spec that imports the packages', () => jest(OLDEST, folder));
});

describe.each(['NestJS 11', 'NestJS 12'] as const)('an app with %s on platform-express', (name) => {
  const folder = stacks[name];

  beforeAll(() => compile(folder));

  it.each(NODES)('signs the user of a session and the user of a guard on Node %s', async (version) => {
    const child = spawn(`${nodes[version]}/node`, ['dist/main.js'], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [line] = await once(child.stdout, 'data');
      const url = String(line).trim();
      const login = await fetch(`${url}/login`, { method: 'POST' });
      const cookie = login.headers.get('set-cookie')!.split(';')[0]!;
      const ask = (path: string, headers = {}) => fetch(url + path, { headers });

      expect((await ask('/chatwoot/identity')).status).toBe(401);
      expect(await (await ask('/chatwoot/identity', { cookie })).json()).toEqual(identity);
      const authorization = 'Bearer of-ada';
      // The middleware runs before the guard, so only a controller behind the guard can sign the guard's
      // user.
      expect((await ask('/chatwoot/identity', { authorization })).status).toBe(401);
      expect((await ask('/guarded/identity')).status).toBe(403);
      const guarded = await ask('/guarded/identity', { authorization });
      expect(guarded.headers.get('cache-control')).toBe('private, no-store');
      expect(await guarded.json()).toEqual(identity);
      expect(await (await ask('/')).text()).toContain('id="chatwoot-identity"');
    } finally {
      child.kill();
    }
  });

  // NestJS 12 is published as ES modules. From Node 24.9 on, Jest can require ES modules, with the flag that
  // the template of NestJS sets.
  const [version, ...flags] =
    name === 'NestJS 12' ? [NODES[2], '--experimental-vm-modules'] : ([OLDEST] as const);
  it(`runs a Jest spec of a controller on Node ${version}`, () => jest(version!, folder, ...flags));
});
