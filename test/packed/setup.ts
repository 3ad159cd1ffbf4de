import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { NODES, STACK_NAMES, STACKS, type Stack } from './matrix.js';
import { packAll, pnpm, type Tarball } from './tarballs.js';

const run = promisify(execFile);
const consumer = fileURLToPath(new URL('consumer/', import.meta.url));

declare module 'vitest' {
  interface ProvidedContext {
    tarballs: Tarball[];
    /** Where each stack is installed, outside the workspace. */
    stacks: Record<Stack, string>;
    /** The folder with each `node`. */
    nodes: Record<string, string>;
  }
}

/** Packs the packages and installs all that the matrix needs, once, in a folder of its own. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'packed-'));
  const tarballs = await packAll(join(folder, 'tarballs'));
  provide('tarballs', tarballs);
  const stacks = STACK_NAMES.map(async (name) => [name, await installStack(name, folder, tarballs)] as const);
  provide('stacks', Object.fromEntries(await Promise.all(stacks)) as Record<Stack, string>);
  provide('nodes', await installNodes(join(folder, 'nodes')));
  return () => rm(folder, { recursive: true, force: true });
}

async function installStack(name: Stack, parent: string, tarballs: readonly Tarball[]): Promise<string> {
  const { installer, dependencies } = STACKS[name];
  const folder = join(parent, name);
  const ours = Object.fromEntries(tarballs.map((tarball) => [tarball.name, `file:${tarball.file}`]));
  await project(folder, { dependencies: { ...dependencies, ...ours }, pnpm: { overrides: ours } });
  const install = installer === 'npm' ? NPM_INSTALL : await pnpm('install', '--prefer-offline');
  await run(install[0]!, install.slice(1), { cwd: folder });
  // The same programs as ES modules and as CommonJS.
  for (const type of ['module', 'commonjs']) {
    await cp(consumer, join(folder, type), { recursive: true });
    await writeFile(join(folder, type, 'package.json'), JSON.stringify({ type }));
  }
  return folder;
}

const NPM_INSTALL = ['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];

/** Each Node is a package, one for each kind of machine. */
async function installNodes(folder: string): Promise<Record<string, string>> {
  const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const dependencies = NODES.map((version) => [version, `npm:node-${platform}@${version}`]);
  await project(folder, { dependencies: Object.fromEntries(dependencies) });
  const install = await pnpm('install', '--prefer-offline');
  await run(install[0]!, install.slice(1), { cwd: folder });
  return Object.fromEntries(NODES.map((version) => [version, join(folder, 'node_modules', version, 'bin')]));
}

async function project(folder: string, manifest: object): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, ...manifest }));
}
