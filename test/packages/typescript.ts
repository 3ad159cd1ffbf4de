import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Compiles a folder, including the declarations of our packages, with the TypeScript that is installed there.
 *
 * @param options compiler options in addition to those of a strict Node project
 * @param include the files, by default the whole folder
 * @returns the errors
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
 * Ignores errors between other packages. For example, @types/koa 3.0.3 uses a type that @types/content-disposition does
 * not export.
 */
const OTHERS = /^\S*node_modules\/(?!\S*@chatwoot-identity\/)/;
