import { execFile } from 'node:child_process';
import { mkdir, readdir, realpath, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../', import.meta.url));

/** Apps are built inside the repository: Turbopack follows no link that leads out of its root. */
export const appsFolder: string = fileURLToPath(new URL('.apps/', import.meta.url));

/**
 * Gives an app the packages as npm would: real folders with what their tarballs hold, not links into the
 * workspace. Next.js treats the two differently, and only the first is what users have.
 */
export async function install(app: string, dependencies: Readonly<Record<string, string>>): Promise<void> {
  const modules = join(app, 'node_modules');
  await mkdir(join(modules, '@chatwoot-identity'), { recursive: true });
  for (const name of ['core', 'browser', 'next']) {
    await unpack(await pack(name), join(modules, '@chatwoot-identity', name));
  }
  const frameworks = { next: 'next', react: 'react', 'react-dom': 'react-dom' };
  for (const [name, ours] of Object.entries({ ...frameworks, ...dependencies }))
    await link(join('test/node_modules', ours), modules, name);
  await link('packages/next/node_modules/server-only', modules, 'server-only');
}

const tarballs = new Map<string, Promise<string>>();

function pack(name: string): Promise<string> {
  const tarball = tarballs.get(name) ?? packNow(name);
  tarballs.set(name, tarball);
  return tarball;
}

async function packNow(name: string): Promise<string> {
  const folder = join(appsFolder, 'tarballs', `${name}-${process.pid}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  // pnpm, which publishes them too: it leaves the `source` condition out.
  const pnpm = join(repository, 'node_modules/.bin/pnpm');
  await run(pnpm, ['pack', '--pack-destination', folder], { cwd: join(repository, 'packages', name) });
  const [file] = await readdir(folder);
  return join(folder, file!);
}

async function unpack(tarball: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', to, '--strip-components', '1']);
}

async function link(from: string, modules: string, name: string): Promise<void> {
  await mkdir(dirname(join(modules, name)), { recursive: true });
  await symlink(await realpath(join(repository, from)), join(modules, name));
}
