// @ts-check
/**
 * `npm run rehearse`: publishes the built packages with the release script to a registry on this machine. Then
 * installs these packages by name into new projects with npm, pnpm and Yarn, and runs apps with them.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../support/free-port.js';

const VERDACCIO = '6.7.4'; // the last Verdaccio version that runs on Node 20
const YARN = '4.18.1';
const run = promisify(execFile);
const workspace = fileURLToPath(new URL('../..', import.meta.url));
const { version } = await json(join(workspace, 'packages/core/package.json'));
const { packageManager } = await json(join(workspace, 'package.json'));
const folder = await mkdtemp(join(tmpdir(), 'rehearsal-'));
const { stdout: upstream } = await run('npm', ['config', 'get', 'registry']);

const port = await freePort();
const registry = `http://127.0.0.1:${port}/`;
const env = {
  ...process.env,
  NPM_CONFIG_REGISTRY: registry,
  NPM_CONFIG_USERCONFIG: join(folder, 'npmrc'),
  NPM_CONFIG_CACHE: join(folder, 'npm-cache'), // the default cache may contain an older build of the same version
  NPM_CONFIG_STORE_DIR: join(folder, 'pnpm-store'),
  YARN_NPM_REGISTRY_SERVER: registry,
  YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
  YARN_GLOBAL_FOLDER: join(folder, 'yarn'),
  YARN_ENABLE_TELEMETRY: '0',
  YARN_NPM_MINIMAL_AGE_GATE: '0', // by default, Yarn refuses recently published versions
};
await writeFile(join(folder, 'npmrc'), `//127.0.0.1:${port}/:_authToken=rehearsal\n`);

/** @type {import('node:child_process').ChildProcess[]} */
const children = [];
try {
  await startRegistry();
  await release();
  await installAndRun('npm', ['npm', 'install'], []);
  await installAndRun('pnpm', ['npx', '--yes', packageManager, 'add'], []);
  await installAndRun('yarn', ['npx', '--yes', `@yarnpkg/cli-dist@${YARN}`, 'add'], yarn());
  await doctor();
  console.log('The rehearsal passed.');
} catch (error) {
  const {
    message,
    stdout = '',
    stderr = '',
  } = /** @type {Error & { stdout?: string, stderr?: string }} */ (error);
  console.error(message.split('\n')[0], stdout.slice(-2000), stderr.slice(-2000));
  process.exitCode = 1;
} finally {
  for (const child of children) child.kill();
  await rm(folder, { recursive: true, force: true });
}

/**
 * Starts the registry. The registry stores this project's packages, and forwards other requests to the registry
 * in npm's configuration.
 */
async function startRegistry() {
  const cwd = await project('registry', {
    dependencies: { verdaccio: VERDACCIO },
    overrides: { 'node-fetch': '2.7.0' }, // replaces a dist-tag that some registry mirrors lack
  });
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd });
  const anyone = { access: '$all', publish: '$all' };
  const config = {
    storage: join(cwd, 'storage'),
    uplinks: { upstream: { url: upstream.trim() } },
    packages: {
      '@chatwoot-identity/*': anyone,
      'chatwoot-identity': anyone,
      '**': { access: '$all', proxy: 'upstream' },
    },
    log: { type: 'stdout', level: 'warn' },
  };
  await writeFile(join(cwd, 'config.yaml'), JSON.stringify(config)); // JSON is valid YAML
  const words = [
    'node_modules/verdaccio/bin/verdaccio',
    '--config',
    'config.yaml',
    '--listen',
    `127.0.0.1:${port}`,
  ];
  const child = spawn(process.execPath, words, { cwd, stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  for await (const line of createInterface(child.stdout)) if (line.includes(String(port))) break;
  child.stdout.resume();
  console.log(`Verdaccio ${VERDACCIO} listens on ${registry}`);
}

/**
 * Runs the release script in a copy of the workspace. In the first run of the script, the manifests lack
 * required fields.
 */
async function release() {
  const copy = join(folder, 'workspace');
  await cp(workspace, copy, {
    recursive: true,
    filter: (path) => !/\/(?:node_modules|\.git|\.next|\.turbo)$/.test(path),
  });
  await run('npx', ['--yes', packageManager, 'install', '--frozen-lockfile', '--prefer-offline'], {
    cwd: copy,
  });
  const script = ['.ci/release.js', `v${version}`];
  const options = { cwd: copy, env, maxBuffer: 2 ** 24 };
  const manifests = (await readdir(join(copy, 'packages'))).map((name) =>
    join(copy, 'packages', name, 'package.json'),
  );

  for (const manifest of manifests)
    await edit(manifest, { repository: undefined, homepage: undefined, bugs: undefined });
  const refused = await run(process.execPath, script, options).catch((error) => error);
  if (
    refused.code !== 1 ||
    !refused.stderr.includes('packages/core/package.json has no "repository". Add it.')
  ) {
    throw new Error(
      `The release script accepted manifests without the required fields: ${refused.stdout}${refused.stderr}`,
    );
  }
  console.log('The release script refuses packages without repository, homepage and bugs.');

  const url = 'https://example.com/chatwoot-identity';
  const fields = { repository: `git+${url}.git`, homepage: url, bugs: `${url}/issues` };
  for (const manifest of manifests) await edit(manifest, fields);
  const { stdout } = await run(process.execPath, script, {
    ...options,
    env: { ...env, NPM_CONFIG_LOGLEVEL: 'error' },
  });
  const published = stdout.match(/^\+ .+$/gm) ?? [];
  if (published.length !== manifests.length) throw new Error(`Some packages were not published:\n${stdout}`);
  console.log(published.join('\n'));
}

/**
 * Installs the Express adapter and the command line by name. Runs an app as an ES module and as CommonJS.
 *
 * @param {string} name @param {string[]} install the command @param {string[]} prefix what runs a program
 */
async function installAndRun(name, install, prefix) {
  const started = performance.now();
  const cwd = await project(name, {});
  const [command = '', ...words] = install;
  const packages = ['express', '@chatwoot-identity/express', 'chatwoot-identity'];
  await run(command, [...words, ...packages], { cwd, env, maxBuffer: 2 ** 24 });
  const app = `
    const options = { inbox: { hmacToken: 'a'.repeat(24), websiteToken: 'b'.repeat(24), baseUrl: 'https://chat.example.com' } };
    require('express')().use(require('@chatwoot-identity/express').chatwootIdentity({ ...options, contact: () => null }));
    import('@chatwoot-identity/express').then((module) => module.chatwootIdentity({ ...options, contact: () => null }));`;
  await writeFile(join(cwd, 'app.cjs'), app);
  await run(prefix[0] ?? 'node', [...prefix.slice(1), ...(prefix.length ? ['node'] : []), 'app.cjs'], {
    cwd,
    env,
  });
  console.log(`${name} installs and runs ${packages.join(', ')} (${seconds(started)})`);
}

/**
 * Runs `npx chatwoot-identity doctor` in the npm project. Starts the sandbox without npx, because npx would
 * keep running after a signal.
 */
async function doctor() {
  const cwd = join(folder, 'npm');
  const sandbox = spawn('node_modules/.bin/chatwoot-identity', ['sandbox', '--port', '0', '--json'], {
    cwd,
    env,
  });
  children.push(sandbox);
  const [printed] = await once(sandbox.stdout, 'data');
  const { baseUrl, websiteToken, hmacToken } = JSON.parse(printed);
  const words = [
    'chatwoot-identity',
    'doctor',
    '--yes',
    '--base-url',
    baseUrl,
    '--website-token',
    websiteToken,
  ];
  const { stdout } = await run('npx', words, { cwd, env: { ...env, CHATWOOT_HMAC_TOKEN: hmacToken } });
  if (!stdout.includes('A right hash is accepted.')) throw new Error(stdout);
  console.log(`npx ${words.slice(0, 2).join(' ')}:\n${stdout.trim().replace(/^/gm, '  ')}`);
}

/** @param {string} name @param {object} manifest @returns {Promise<string>} the folder of a new project */
async function project(name, manifest) {
  const cwd = join(folder, name);
  await mkdir(cwd);
  await writeFile(join(cwd, 'package.json'), JSON.stringify({ private: true, ...manifest }));
  return cwd;
}

/** @param {string} file @param {object} fields */
async function edit(file, fields) {
  await writeFile(file, JSON.stringify({ ...(await json(file)), ...fields }, null, 2));
}

/** @param {string} file */
async function json(file) {
  return JSON.parse(await readFile(file, 'utf8'));
}

function yarn() {
  return ['npx', '--yes', `@yarnpkg/cli-dist@${YARN}`];
}

/** @param {number} started */
function seconds(started) {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
