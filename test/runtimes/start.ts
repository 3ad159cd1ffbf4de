import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { inject } from 'vitest';
import type { Runtime } from './setup.js';

const COMMANDS: Record<Runtime, (bundles: string) => string[]> = {
  bun: (bundles) => [join(bundles, 'bun.mjs')],
  deno: (bundles) => ['run', '--allow-net', '--allow-env', join(bundles, 'deno.mjs')],
  // workerd writes the number of its port to a separate file descriptor.
  workerd: (bundles) => ['serve', '--control-fd=3', join(bundles, 'workerd.capnp')],
};

const PORT = /^Port (\d+)$|"port":(\d+)/m;

/** A running server in another runtime. */
export interface Running {
  readonly url: string;
  /** Returns the console output of the server so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Starts app.ts in a runtime. Throws if the runtime could not be installed. */
export async function start(runtime: Runtime): Promise<Running> {
  const installed = inject('runtimes')[runtime];
  if ('failure' in installed) throw new Error(installed.failure);
  const child = spawn(installed.program, COMMANDS[runtime](inject('bundles')), {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  const exit = once(child, 'exit');
  let log = '';
  const port = await new Promise<string>((resolve, reject) => {
    for (const stream of child.stdio.slice(1) as Readable[]) {
      stream.on('data', (chunk: Buffer) => {
        log += chunk;
        const found = PORT.exec(log);
        if (found) resolve((found[1] ?? found[2])!);
      });
    }
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`${runtime} ended: ${log}`)));
  });
  return { url: `http://127.0.0.1:${port}`, log: () => log, stop: () => end(child, exit) };
}

async function end(child: ChildProcess, exit: Promise<unknown>): Promise<void> {
  child.kill();
  await exit;
}
