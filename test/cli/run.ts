import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { main } from '../../packages/cli/src/main.js';
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

/**
 * Returns the environment of this process without the variables that the command reads, except the given ones.
 */
export function environment(own: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, NODE_ENV: 'test', ...own };
}

/** Runs the command line in this process, with its own environment and streams. */
export async function run(
  args: string[],
  env: Record<string, string> = {},
  { stdin = '', columns }: { stdin?: string | Readable; columns?: number } = {},
): Promise<Ran> {
  const [stdout, stderr] = [new Collected(columns), new Collected()];
  const input = typeof stdin === 'string' ? Readable.from([stdin]) : stdin;
  const code = await main(args, { stdin: input, stdout, stderr, env });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

class Collected extends Writable {
  declare readonly columns?: number;
  text = '';

  constructor(columns?: number) {
    super({ decodeStrings: false });
    if (columns) Object.assign(this, { columns });
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.text += chunk;
    done();
  }
}

/** Runs the command line in this process, with the HMAC token in the environment. */
export function runWithToken(...args: string[]): Promise<Ran> {
  return run(args, { CHATWOOT_HMAC_TOKEN: hmacToken });
}

/** Runs the built command line as a separate process. */
export async function runProcess(args: string[], env: Record<string, string> = {}, stdin = ''): Promise<Ran> {
  const child = endWithFile(spawn(process.execPath, [bin, ...args], { env: environment(env) }));
  child.stdin.on('error', () => {}); // most commands never read their stdin
  child.stdin.end(stdin);
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code, stdout, stderr };
}

/** Starts the sandbox command on a free port. Resolves when the command has printed all its lines. */
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
