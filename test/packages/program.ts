import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Runs a command with the given Node release as `node`. Returns the output of the command. Rejects with the
 * command's stderr if the command fails.
 */
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
