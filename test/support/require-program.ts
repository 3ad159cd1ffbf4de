import { spawnSync } from 'node:child_process';

/** Throws if a program cannot be run. The message names the Debian package of the program. */
export function requireProgram(command: string, debianPackage: string, env = process.env): void {
  const { error } = spawnSync(command, ['-v'], { env });
  if (error) throw new Error(`${command} is not installed. Install it: apt-get install ${debianPackage}`);
}
