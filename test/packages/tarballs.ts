import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../', import.meta.url));

/** A package in the form in which it would be published. */
export interface Tarball {
  readonly name: string;
  readonly file: string;
  /** The folder of the package in the workspace. */
  readonly source: string;
  /** The folder with the unpacked content of the tarball. */
  readonly folder: string;
  readonly manifest: Manifest;
}

export interface Manifest {
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string | null>>>>;
  readonly [field: string]: unknown;
}

const { packageManager } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));

/** Returns the command that runs the pnpm version pinned by the workspace. */
export function pnpm(...words: string[]): string[] {
  return ['npx', '--yes', packageManager, ...words];
}

/** Packs the current build of every package in the workspace. */
export async function packAll(to: string): Promise<Tarball[]> {
  const [npx, ...words] = pnpm('--recursive', '--filter', './packages/*', 'pack', '--json');
  const options = { cwd: repository, maxBuffer: 2 ** 24 };
  const { stdout } = await run(npx!, [...words, '--pack-destination', to], options);
  const packed: { name: string; filename: string }[] = JSON.parse(stdout);
  return Promise.all(packed.map(({ name, filename }) => unpack(name, filename, to)));
}

async function unpack(name: string, file: string, to: string): Promise<Tarball> {
  const folder = join(to, name);
  await mkdir(folder, { recursive: true });
  await run('tar', ['-xzf', file, '-C', folder, '--strip-components', '1']);
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const source = join(repository, 'packages', name === 'chatwoot-identity' ? 'cli' : name.split('/')[1]!);
  return { name, file, source, folder, manifest };
}

/** Returns the import paths that an app may use: the package, and its subpaths that contain code. */
export function entries({ name, manifest }: Tarball): string[] {
  const subpaths = Object.keys(manifest.exports).filter((subpath) => subpath !== './package.json');
  return subpaths.map((subpath) => name + subpath.slice(1));
}
