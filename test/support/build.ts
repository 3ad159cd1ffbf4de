import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/**
 * Builds the packages before a test run. The build takes half a second if nothing has changed. If the build
 * fails, the test run ends.
 */
export default async function setup(): Promise<void> {
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  await promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd }).catch(({ stdout, stderr }) => {
    throw new Error(`The build failed, so no tests were run:\n${stdout}${stderr}`);
  });
}
