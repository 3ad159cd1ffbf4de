import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { endWithFile } from '../support/children.js';

/** The inbox of the examples, as environment variables. */
export const CHATWOOT = {
  CHATWOOT_HMAC_TOKEN: 'EPyYngFb62yBMWXaSCrUZoL9',
  CHATWOOT_WEBSITE_TOKEN: 'S7qSB2oFvtsTxvUmJrSLSdLr',
  CHATWOOT_BASE_URL: 'https://chat.example.com',
};

/** One process that runs an example. */
export interface Machine {
  readonly url: string;
  kill(): Promise<void>;
}

/** Runs the `server.js` of an example on a free port. */
export function run(example: string, env: Record<string, string>): ChildProcess {
  const script = fileURLToPath(new URL(`../../examples/${example}/server.js`, import.meta.url));
  return endWithFile(
    spawn(process.execPath, [script], {
      env: { PATH: process.env.PATH, NODE_ENV: 'production', PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}

/** Runs the `server.js` of an example on a free port. Resolves when it listens. */
export async function startMachine(example: string, env: Record<string, string>): Promise<Machine> {
  const child = run(example, env);
  let errors = '';
  child.stderr!.on('data', (chunk) => {
    errors += chunk;
  });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout!).on('line', (line) => resolve(/http:\S+/.exec(line)![0]));
    child.on('close', () => reject(new Error(`The example exited before it listened: ${errors}`)));
  });
  return {
    url,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
