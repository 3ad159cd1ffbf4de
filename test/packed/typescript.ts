import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Compiles a folder with the TypeScript that is installed above it, libraries included, and gives what it complains of.
 *
 * @param options compiler options beside those of a strict Node project
 * @param include the files, by default all of the folder
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
  await writeFile(file, JSON.stringify({ compilerOptions, include, exclude: ['dist'] }));
  const tsc = join(folder, '../node_modules/typescript/bin/tsc');
  try {
    await run(process.execPath, [tsc, '-p', file]);
    return [];
  } catch (error) {
    const complaints = (error as { stdout: string }).stdout.split('\n');
    return complaints.filter((line) => line && !OTHERS.test(line));
  } finally {
    await rm(file);
  }
}

/** What @types/koa 3.0.3 needs of @types/content-disposition, it finds in content-disposition itself, Koa or no Koa of ours. */
const OTHERS = /@types\/koa\/index\.d\.ts.*content-disposition.* no exported member 'Options'/;
