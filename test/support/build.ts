import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Builds the packages before a run. Takes half a second if nothing has changed. A failed build ends the run. */
export default async function setup(): Promise<void> {
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  await promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd }).catch(({ stdout, stderr }) => {
    throw new Error(`The build failed, so no test has run:\n${stdout}${stderr}`);
  });
}
