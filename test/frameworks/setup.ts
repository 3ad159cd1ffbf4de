import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { packAll, pnpm, type Tarball } from '../packages/tarballs.js';
import { FRAMEWORKS, type Framework } from './frameworks.js';

const run = promisify(execFile);

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder with an installed copy of each app. */
    apps: string;
    /** The folder of the `node` that runs the apps. */
    node: string;
  }
}

/** Most of the frameworks require Node 22 or newer. */
const NODE = '24.21.0';

/** Packs the packages, and installs every app with them outside the workspace. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const parent = await mkdtemp(join(tmpdir(), 'frameworks-'));
  const tarballs = await packAll(join(parent, 'tarballs'));
  await install(parent, { node: `npm:node-${process.platform}-${process.arch}@${NODE}` });
  for (const framework of FRAMEWORKS) await installApp(join(parent, framework.folder), framework, tarballs);
  provide('apps', parent);
  provide('node', join(parent, 'node_modules/node/bin'));
  return () => rm(parent, { recursive: true, force: true });
}

async function installApp(folder: string, framework: Framework, tarballs: readonly Tarball[]): Promise<void> {
  const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  await cp(here(framework.folder), folder, { recursive: true });
  await cp(here('sessions.js'), join(folder, framework.sessions, 'sessions.js'));
  const names = ['core', 'browser', framework.adapter].map((name) => `@chatwoot-identity/${name}`);
  const ours = tarballs.filter(({ name }) => names.includes(name));
  await install(folder, framework.dependencies, ours);
}

async function install(
  folder: string,
  dependencies: Readonly<Record<string, string>>,
  tarballs: readonly Tarball[] = [],
): Promise<void> {
  const ours = Object.fromEntries(tarballs.map(({ name, file }) => [name, `file:${file}`]));
  const manifest = {
    private: true,
    type: 'module',
    dependencies: { ...dependencies, ...ours },
    pnpm: { overrides: ours },
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  const [npx, ...words] = pnpm('install', '--prefer-offline', '--ignore-workspace');
  await run(npx!, words, { cwd: folder });
}
