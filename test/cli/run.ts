import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { endWithFile } from '../support/children.js';

export const bin: string = createRequire(import.meta.url)
  .resolve('chatwoot-identity/package.json')
  .replace('package.json', 'dist/bin.js');

export const hmacToken = 'wyHVRZzzJhjPMKR2h7LpeJVy';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of a user who set these variables and no other of ours. */
export function environment(own: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, NODE_ENV: 'test', ...own };
}

/** Runs the built command line as its own process. */
export async function run(args: string[], env: Record<string, string> = {}, stdin = ''): Promise<Ran> {
  const child = spawn(process.execPath, [bin, ...args], { env: environment(env) });
  child.stdin.on('error', () => {}); // most commands never read it
  child.stdin.end(stdin);
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code, stdout, stderr };
}

/** The same with the HMAC token in the environment. */
export function runWithToken(...args: string[]): Promise<Ran> {
  return run(args, { CHATWOOT_HMAC_TOKEN: hmacToken });
}

/** Starts the sandbox command on a free port, and waits for all of what it prints. */
export async function startSandboxCommand(env: Record<string, string>, ...args: string[]) {
  const words = [bin, 'sandbox', '--port', '0', ...args];
  const child = endWithFile(spawn(process.execPath, words, { env: environment(env) }));
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += chunk;
    if (/Ctrl\+C\.\n$|\n\}\n$/.test(printed)) break;
  }
  return { child, printed };
}
