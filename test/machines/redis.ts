import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../support/free-port.js';
import { requireProgram } from '../support/require-program.js';

/** A Redis server for one test, on a loopback port and without persistence. */
export class Redis {
  readonly url: string;
  readonly #port: number;
  readonly #folder: string = mkdtempSync(join(tmpdir(), 'redis-'));
  #process: ChildProcess | undefined;

  private constructor(port: number) {
    this.#port = port;
    this.url = `redis://127.0.0.1:${port}`;
  }

  /** @throws if `redis-server` is not installed */
  static async start(): Promise<Redis> {
    requireProgram('redis-server', 'redis-server');
    const redis = new Redis(await freePort());
    await redis.start();
    return redis;
  }

  /** Starts Redis again on the same port, without data. */
  async start(): Promise<void> {
    const options = { bind: '127.0.0.1', port: this.#port, dir: this.#folder, save: '', appendonly: 'no' };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#process = child;
    const lines = createInterface(child.stdout);
    await new Promise<void>((resolve, reject) => {
      lines.on('line', (line) => line.includes('Ready to accept connections') && resolve());
      lines.on('close', () => reject(new Error('redis-server exited before it was ready.')));
    });
  }

  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child) return;
    child.kill('SIGKILL'); // SIGKILL is the only signal that ends a frozen process
    await once(child, 'exit');
  }

  /** Freezes Redis: connections remain open, but Redis responds to no command. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
