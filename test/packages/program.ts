import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs a command with the given Node as `node`, and returns its output. Rejects with its stderr if it fails. */
export async function runWith(
  node: string,
  cwd: string,
  [command, ...words]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const PATH = `${node}:${process.env.PATH}`;
  const { stdout } = await run(command, words, { cwd, env: { ...process.env, ...env, PATH } });
  return stdout;
}
