import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Compiles a folder with the TypeScript that is installed there. Also type-checks the declarations of this
 * project's packages.
 *
 * @param options additional compiler options; the others are those of a strict Node project
 * @param include the files to compile, by default the whole folder
 * @returns the compiler's errors
 */
export async function compile(
  folder: string,
  options: Readonly<Record<string, unknown>>,
  include: readonly string[] = ['**/*.ts'],
): Promise<string[]> {
  const file = join(folder, `tsconfig.${randomUUID()}.json`);
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    skipLibCheck: false,
    esModuleInterop: true,
    types: ['node'],
    ...options,
  };
  await writeFile(file, JSON.stringify({ compilerOptions, include, exclude: ['dist', 'node_modules'] }));
  const manifest = createRequire(file).resolve('typescript/package.json');
  const tsc = join(dirname(manifest), 'bin/tsc');
  try {
    await run(process.execPath, [tsc, '-p', file]);
    return [];
  } catch (error) {
    const complaints = (error as { stdout: string }).stdout.split(/\n(?! )/);
    return complaints.filter((complaint) => complaint && !OTHERS.test(complaint));
  } finally {
    await rm(file);
  }
}

/**
 * Matches errors between packages of other projects, which the tests ignore. For example, @types/koa 3.0.3 uses a type that
 * @types/content-disposition does not export.
 */
const OTHERS = /^\S*node_modules\/(?!\S*@chatwoot-identity\/)/;
