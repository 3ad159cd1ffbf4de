import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endWithFile } from '../support/children.js';
import { appsFolder, install } from './install.js';

/** A combination of bundler, mode and Next.js release for building and serving an app. */
export interface Cell {
  readonly bundler: 'turbopack' | 'webpack';
  readonly mode: 'default' | 'cacheComponents';
  /** The last release of Next.js 15, tested only with webpack and without `cacheComponents`. Undefined for Next.js 16. */
  readonly next?: '15.5.29';
}

/** The contents of an app's files, by path. */
export type Files = Readonly<Record<string, string>>;

/** Environment variables of the app's process, in addition to the inherited ones. */
export type Env = Readonly<Record<string, string>>;

/** A Next.js app on disk. */
export interface App {
  readonly folder: string;
  /** Runs `next build`. Resolves even if the build fails, because some tests expect a failure. */
  build(env?: Env): Promise<{ ok: boolean; log: string }>;
  /** Runs `next start`, or the custom server if the app has a `server.mjs`. */
  start(env?: Env): Promise<Server>;
  /** Runs `next dev`. */
  dev(env?: Env): Promise<Server>;
  write(path: string, content: string): Promise<void>;
  /** Returns the paths of all files below a folder that contain a text. */
  filesWith(text: string, below: string): Promise<string[]>;
}

/** A running app. */
export interface Server {
  readonly url: string;
  /** The output of the app so far. */
  readonly log: string;
  /** Resolves when the output of the app contains a text. */
  until(text: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Settings for apps that are built only once. For such an app, a disk cache and a separate process for each stage of
 * webpack cost more time than they save.
 */
const builtOnce = {
  turbopackFileSystemCacheForBuild: false,
  turbopackFileSystemCacheForDev: false,
  webpackBuildWorker: false,
};

/** The time limit of a build in milliseconds. A build takes 6 to 20 seconds on two idle cores, but much longer on busy cores. */
export const buildTimeout = 300_000;

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Writes an app with the packed packages installed.
 *
 * @param config lines for the next.config object
 * @param dependencies additional packages: a map from the name in the app to the name in test/node_modules
 */
export async function createApp(
  name: string,
  { bundler, mode, next }: Cell,
  files: Files,
  config: readonly string[] = [],
  dependencies: Readonly<Record<string, string>> = {},
): Promise<App> {
  const folder = join(appsFolder, `${name}-${next ?? bundler}-${mode}`);
  await rm(folder, { recursive: true, force: true });
  await install(folder, dependencies, next);
  const settings = [
    ...(next ? [] : [`turbopack: { root: ${JSON.stringify(root)} }`]),
    `outputFileTracingRoot: ${JSON.stringify(root)}`,
    // Excludes all files, because listing the files for serverless deployments takes a third of a webpack build.
    "outputFileTracingExcludes: { '*': ['**/*'] }",
    ...(mode === 'cacheComponents' ? ['cacheComponents: true'] : []),
    ...config,
  ];
  const app = openApp(folder, next ? 'the only one' : bundler);
  await app.write('package.json', JSON.stringify({ name, private: true, type: 'module' }));
  await app.write(
    'next.config.mjs',
    `const config = {\n  ${settings.join(',\n  ')},\n};
export default { ...config, experimental: { ...${JSON.stringify(builtOnce)}, ...config.experimental } };\n`,
  );
  for (const [path, content] of Object.entries(files)) await app.write(path, content);
  return app;
}

/** Opens an existing app. */
export function openApp(folder: string, bundler: Cell['bundler'] | 'the only one'): App {
  const nextBin = join(folder, 'node_modules/next/dist/bin/next');
  const flag = bundler === 'webpack' ? ['--webpack'] : [];
  const next = (args: readonly string[], env: Env) => launch(folder, [nextBin, ...args], env);

  return {
    folder,
    async build(env = {}) {
      const { process, output } = next(['build', ...flag], env);
      const [code] = await once(process, 'close');
      return { ok: code === 0, log: output.text };
    },
    async start(env = {}) {
      const own = (await readdir(folder)).includes('server.mjs');
      return serve(own ? launch(folder, ['server.mjs'], env) : next(['start', ...address], env));
    },
    dev: (env = {}) => serve(next(['dev', ...flag, ...address], env)),
    async write(path, content) {
      const file = join(folder, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    },
    async filesWith(text, below) {
      if (!existsSync(join(folder, below))) return []; // the build failed before it created the folder
      const entries = await readdir(join(folder, below), { recursive: true, withFileTypes: true });
      const files = entries
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name));
      const contents = await Promise.all(files.map((file) => readFile(file, 'latin1')));
      return files.filter((_, index) => contents[index]!.includes(text));
    },
  };
}

const address = ['--port', '0', '--hostname', '127.0.0.1'];

/** Returns the environment for the process of an app: the current environment without the variables that Vitest sets. */
export function environmentOf(env: Env): NodeJS.ProcessEnv {
  const inherited = { ...globalThis.process.env };
  for (const name of ['NODE_ENV', 'NODE_OPTIONS']) Reflect.deleteProperty(inherited, name);
  return { ...inherited, NEXT_TELEMETRY_DISABLED: '1', NO_COLOR: '1', ...env };
}

interface Launched {
  readonly process: ChildProcess;
  readonly output: { text: string };
}

function launch(folder: string, args: readonly string[], env: Env): Launched {
  const process = endWithFile(
    spawn(globalThis.process.execPath, args, {
      cwd: folder,
      env: environmentOf(env),
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  const output = { text: '' };
  for (const stream of [process.stdout!, process.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output.text += text));
  }
  return { process, output };
}

async function serve({ process, output }: Launched): Promise<Server> {
  const until = (found: (printed: string) => boolean) =>
    new Promise<void>((resolve, reject) => {
      const stop = () => {
        for (const stream of [process.stdout!, process.stderr!]) stream.off('data', look);
        process.off('close', ended);
      };
      const look = () => {
        if (!found(output.text)) return;
        stop();
        resolve();
      };
      const ended = () => reject(new Error(`The app ended:\n${output.text}`));
      process.stdout!.on('data', look);
      process.stderr!.on('data', look);
      process.once('close', ended);
      look();
    });
  await until((printed) => /Ready|listening/.test(printed));
  return {
    url: /http:\/\/127\.0\.0\.1:\d+/.exec(output.text)![0],
    get log() {
      return output.text;
    },
    until: (text) => until((printed) => printed.includes(text)),
    async close() {
      if (process.exitCode !== null) return;
      process.kill();
      await once(process, 'close');
    },
  };
}
