import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { NEXT_STACKS, type NextStackName, NODES, STACKS, type Stack, type StackName } from './matrix.js';
import { packAll, pnpm, type Tarball } from './tarballs.js';

const run = promisify(execFile);
const NPM_INSTALL = ['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
const NEXT = '@chatwoot-identity/next';

declare module 'vitest' {
  interface ProvidedContext {
    tarballs: Tarball[];
    /** Where each stack is installed, outside the workspace. */
    stacks: Record<StackName | NextStackName, string>;
    /** The folder with each `node`. */
    nodes: Record<string, string>;
  }
}

/** Packs the packages and installs all that the matrix needs, once, in a folder of its own. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const parent = await mkdtemp(join(tmpdir(), 'packed-'));
  const folder = (name: string) => join(parent, name.replaceAll(/\W+/g, '-'));
  const tarballs = await packAll(folder('tarballs'));
  provide('tarballs', tarballs);

  const stacks = {} as Record<StackName | NextStackName, string>;
  // Next.js and React are peers that npm and pnpm install unasked.
  const withoutNext = tarballs.filter(({ name }) => name !== NEXT);
  const forNext = tarballs.filter(({ name }) => [NEXT, ...NEXT_NEEDS].includes(name));
  for (const [name, stack] of Object.entries(STACKS) as [StackName, Stack][]) {
    stacks[name] = await install(folder(name), stack, withoutNext);
    // The same programs as ES modules and as CommonJS.
    for (const type of ['module', 'commonjs']) {
      await copy('consumer', join(stacks[name], type));
      await writeFile(join(stacks[name], type, 'package.json'), JSON.stringify({ type }));
    }
  }
  for (const [name, stack] of Object.entries(NEXT_STACKS) as [NextStackName, Stack][]) {
    stacks[name] = await install(folder(name), stack, forNext);
    await copy('consumer-next', stacks[name]);
  }
  provide('stacks', stacks);
  provide('nodes', await installNodes(folder('nodes')));
  return () => rm(parent, { recursive: true, force: true });
}

const NEXT_NEEDS = ['core', 'browser', 'jwt'].map((name) => `@chatwoot-identity/${name}`);

async function install(folder: string, stack: Stack, tarballs: readonly Tarball[]): Promise<string> {
  const ours = Object.fromEntries(tarballs.map(({ name, file }) => [name, `file:${file}`]));
  await project(folder, { dependencies: { ...stack.dependencies, ...ours }, pnpm: { overrides: ours } });
  await inProject(folder, stack.installer === 'npm' ? NPM_INSTALL : await PNPM_INSTALL);
  return folder;
}

const PNPM_INSTALL = pnpm('install', '--prefer-offline');

/** Each Node is a package, one for each kind of machine. */
async function installNodes(folder: string): Promise<Record<string, string>> {
  const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const dependencies = NODES.map((version) => [version, `npm:node-${platform}@${version}`]);
  await project(folder, { dependencies: Object.fromEntries(dependencies) });
  await inProject(folder, await PNPM_INSTALL);
  return Object.fromEntries(NODES.map((version) => [version, join(folder, 'node_modules', version, 'bin')]));
}

async function project(folder: string, manifest: object): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, ...manifest }));
}

async function inProject(cwd: string, [command, ...words]: readonly string[]): Promise<void> {
  await run(command!, words, { cwd });
}

function copy(name: string, to: string): Promise<void> {
  return cp(fileURLToPath(new URL(name, import.meta.url)), to, { recursive: true });
}
