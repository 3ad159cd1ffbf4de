import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../', import.meta.url));

/** The folder for the apps. It is in the repository, because Turbopack does not follow links to outside of its root. */
export const appsFolder: string = fileURLToPath(new URL('.apps/', import.meta.url));

const names = ['core', 'browser', 'next'] as const;
const tarballs = join(appsFolder, 'tarballs');
const tarballOf = (name: (typeof names)[number]) => join(tarballs, `${name}.tgz`);

/**
 * Installs the packages as npm does: it unpacks the tarballs into folders instead of linking to the workspace. Next.js
 * treats linked packages differently.
 */
export async function install(
  app: string,
  dependencies: Readonly<Record<string, string>>,
  next?: string,
): Promise<void> {
  const modules = join(app, 'node_modules');
  await mkdir(join(modules, '@chatwoot-identity'), { recursive: true });
  for (const name of names) await unpack(tarballOf(name), join(modules, '@chatwoot-identity', name));
  const frameworks = next ? await installNext(next) : join(repository, 'test/node_modules');
  for (const name of ['next', 'react', 'react-dom']) await link(join(frameworks, name), modules, name);
  for (const [name, ours] of Object.entries(dependencies))
    await link(join(repository, 'test/node_modules', ours), modules, name);
  await link(join(repository, 'packages/next/node_modules/server-only'), modules, 'server-only');
}

/** Installs another release of Next.js if it is not yet installed. Returns the path of its `node_modules`. */
async function installNext(version: string): Promise<string> {
  const folder = join(appsFolder, `next-${version}`);
  const modules = join(folder, 'node_modules');
  if (existsSync(join(modules, 'react-dom'))) return modules;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }));
  const packages = [`next@${version}`, 'react@18.2.0', 'react-dom@18.2.0'];
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', ...flags, ...packages], { cwd: folder });
  return modules;
}

/** Packs the packages into tarballs that all apps of a run share. */
export async function packPackages(): Promise<void> {
  await rm(tarballs, { recursive: true, force: true });
  await mkdir(tarballs, { recursive: true });
  // Uses pnpm, because pnpm also publishes the packages and removes the `source` condition.
  const pnpm = join(repository, 'node_modules/.bin/pnpm');
  for (const name of names) {
    await run(pnpm, ['pack', '--out', tarballOf(name)], { cwd: join(repository, 'packages', name) });
  }
}

async function unpack(tarball: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', to, '--strip-components', '1']);
}

async function link(from: string, modules: string, name: string): Promise<void> {
  await mkdir(dirname(join(modules, name)), { recursive: true });
  await symlink(await realpath(from), join(modules, name));
}
