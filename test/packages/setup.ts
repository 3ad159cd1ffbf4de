import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import {
  COMMONJS_STACK_NAMES,
  COMMONJS_STACKS,
  type CommonJsStackName,
  NEXT_STACK_NAMES,
  NEXT_STACKS,
  type NextStackName,
  NODES,
  STACK_NAMES,
  STACKS,
  type Stack,
  type StackName,
} from './matrix.js';
import { packAll, pnpm, type Tarball } from './tarballs.js';

const run = promisify(execFile);
const NPM_INSTALL = ['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
const PNPM_INSTALL = pnpm('install', '--prefer-offline');
const NEXT = '@chatwoot-identity/next';
const packages = (...names: string[]) => names.map((name) => `@chatwoot-identity/${name}`);
const NEXT_NEEDS = packages('core', 'browser', 'jwt');
const COMMONJS_NEEDS = packages('core', 'browser', 'diagnostics', 'express', 'sandbox');

type Stacks = Record<StackName | NextStackName | CommonJsStackName, string>;

declare module 'vitest' {
  interface ProvidedContext {
    tarballs: Tarball[];
    /** The folder of each installed stack, outside the workspace. */
    stacks: Stacks;
    /** The folder of each Node release's `node`. */
    nodes: Record<string, string>;
  }
}

/** Packs the packages and installs all dependencies of the matrix once, in a separate folder. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const parent = await mkdtemp(join(tmpdir(), 'packed-'));
  const folder = (name: string) => join(parent, name.replaceAll(/\W+/g, '-'));
  const tarballs = await packAll(folder('tarballs'));
  provide('tarballs', tarballs);

  // The tarball of `@chatwoot-identity/next` is excluded, because npm and pnpm would install its peer
  // dependencies, Next.js and React.
  const withoutNext = tarballs.filter(({ name }) => name !== NEXT);
  const forNext = tarballs.filter(({ name }) => [NEXT, ...NEXT_NEEDS].includes(name));
  const stacks = STACK_NAMES.map((name) => installStack(folder(name), STACKS[name], withoutNext));
  const nextStacks = NEXT_STACK_NAMES.map((name) =>
    installNextStack(folder(name), NEXT_STACKS[name], forNext),
  );
  const forCommonJs = tarballs.filter(({ name }) => COMMONJS_NEEDS.includes(name));
  const commonJsStacks = COMMONJS_STACK_NAMES.map(async (name) => {
    await install(folder(name), COMMONJS_STACKS[name], forCommonJs);
    await copy(name.startsWith('NestJS') ? 'consumer-nest' : 'consumer-commonjs', folder(name));
  });
  const installs = [...stacks, ...nextStacks, ...commonJsStacks];
  const [nodes] = await Promise.all([installNodes(folder('nodes')), ...installs]);
  const names = [...STACK_NAMES, ...NEXT_STACK_NAMES, ...COMMONJS_STACK_NAMES];
  provide('stacks', Object.fromEntries(names.map((name) => [name, folder(name)])) as Stacks);
  provide('nodes', nodes);
  return () => rm(parent, { recursive: true, force: true });
}

async function installStack(folder: string, stack: Stack, tarballs: readonly Tarball[]): Promise<void> {
  await install(folder, stack, tarballs);
  // The same programs are compiled as ES modules and as CommonJS.
  for (const type of ['module', 'commonjs']) {
    await copy('consumer', join(folder, type));
    await writeFile(join(folder, type, 'package.json'), JSON.stringify({ type }));
  }
}

async function installNextStack(folder: string, stack: Stack, tarballs: readonly Tarball[]): Promise<void> {
  await install(folder, stack, tarballs);
  await copy('consumer-next', folder);
}

async function install(folder: string, stack: Stack, tarballs: readonly Tarball[]): Promise<void> {
  const ours = Object.fromEntries(tarballs.map(({ name, file }) => [name, `file:${file}`]));
  await project(folder, { dependencies: { ...stack.dependencies, ...ours }, pnpm: { overrides: ours } });
  await inProject(folder, stack.installer === 'npm' ? NPM_INSTALL : PNPM_INSTALL);
}

/** Installs each Node release from npm. The releases are packages, one for each platform. */
async function installNodes(folder: string): Promise<Record<string, string>> {
  const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const dependencies = NODES.map((version) => [version, `npm:node-${platform}@${version}`]);
  await project(folder, { dependencies: Object.fromEntries(dependencies) });
  await inProject(folder, PNPM_INSTALL);
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
