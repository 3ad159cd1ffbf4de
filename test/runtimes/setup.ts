import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { TestProject } from 'vitest/node';

const run = promisify(execFile);

/** The versions of the npm packages that contain the runtimes. */
const RUNTIMES = { bun: '1.4.5', deno: '2.9.6', workerd: '1.20261117.1' } as const;
export type Runtime = keyof typeof RUNTIMES;

declare module 'vitest' {
  interface ProvidedContext {
    /** The path of each runtime's program, or the reason why the runtime could not be installed. */
    runtimes: Record<Runtime, { program: string } | { failure: string }>;
    /** The folder of the bundled apps. */
    bundles: string;
  }
}

/**
 * The bundles are inside the repository, so that Bun and Deno find the packages of the workspace as they
 * would in an app.
 */
const bundles = fileURLToPath(new URL('dist', import.meta.url));

/** Installs the runtimes outside the workspace, so that contributors need not download them. */
export default async function setup({ provide }: TestProject): Promise<void> {
  const names = Object.keys(RUNTIMES) as Runtime[];
  const [installed] = await Promise.all([Promise.all(names.map(install)), bundle()]);
  provide('runtimes', Object.fromEntries(installed) as ProvidedRuntimes);
  provide('bundles', bundles);
}

type ProvidedRuntimes = Record<Runtime, { program: string } | { failure: string }>;

async function install(name: Runtime): Promise<[Runtime, ProvidedRuntimes[Runtime]]> {
  const folder = fileURLToPath(new URL(`../../node_modules/.cache/runtimes/${name}`, import.meta.url));
  const manifest = JSON.stringify({ private: true, dependencies: { [name]: RUNTIMES[name] } });
  const marker = join(folder, 'installed.json');
  try {
    if ((await readFile(marker, 'utf8').catch(() => '')) !== manifest) {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'package.json'), manifest);
      await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], {
        cwd: folder,
      });
      await writeFile(marker, manifest);
    }
    return [name, { program: join(folder, 'node_modules/.bin', name) }];
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    const failure = `${name} ${RUNTIMES[name]} could not be installed with npm: ${stderr || error}`;
    return [name, { failure }];
  }
}

async function bundle(): Promise<void> {
  const entry = (name: Runtime) => fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const options = {
    outdir: bundles,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2023',
    logLevel: 'error',
  } as const;
  await build({ ...options, entryPoints: [entry('bun'), entry('deno')], external: ['@chatwoot-identity/*'] });
  // workerd requires a Worker to be one bundle.
  await build({ ...options, entryPoints: [entry('workerd')] });
  await cp(fileURLToPath(new URL('workerd.capnp', import.meta.url)), join(bundles, 'workerd.capnp'));
}
