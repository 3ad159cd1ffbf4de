import type { ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A browser engine in which the stories run. */
export interface Engine {
  readonly name: 'Chromium' | 'Firefox' | 'WebKit';
  /**
   * Starts a browser.
   *
   * @throws {Error} if a program is missing. The message names the Debian package to install.
   */
  launch(settings: BrowserSettings): Promise<Browser>;
}

/** The settings of a browser process. */
export interface BrowserSettings {
  /** Whether Back restores pages from the back/forward cache. If false, Back loads the pages again. */
  readonly backForwardCache: boolean;
  /** Whether cookies and `localStorage` are allowed. */
  readonly storage: boolean;
}

export interface Browser {
  /** Opens a context with separate cookies and storage. */
  visitor(): Promise<Visitor>;
  close(): Promise<void>;
}

export interface Visitor {
  tab(): Promise<Tab>;
  close(): Promise<void>;
}

export interface Tab {
  /** Navigates and waits for the page's `load` event. */
  open(url: string): Promise<void>;
  /** Calls the function in the page with a JSON value. The function must return before the page navigates. */
  evaluate<Argument, Result>(
    body: (argument: Argument) => Result | Promise<Result>,
    argument?: Argument,
  ): Promise<Result>;
  /** The warnings and errors in the console. Undefined if the driver does not report them. */
  readonly complaints?: readonly string[];
}

/**
 * Returns the path of an installed program.
 *
 * @throws {Error} if the program is not installed. The message names the Debian package to install.
 */
export function findProgram(program: string, debianPackage: string, folders: readonly string[] = []): string {
  const path = [...folders, ...(process.env.PATH ?? '').split(delimiter)]
    .map((folder) => join(folder, program))
    .find(isExecutable);
  if (path) return path;
  throw new Error(`${program} is not installed. Run: apt-get install ${debianPackage}`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Waits until the output of the process matches `pattern`, and resolves with the first capturing group.
 *
 * @throws {Error} if the process ends first.
 */
export function readFrom(
  process: ChildProcess,
  stream: NodeJS.ReadableStream,
  pattern: RegExp,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    stream.on('data', (chunk) => {
      output += chunk;
      const match = pattern.exec(output);
      if (match) resolve(match[1]!);
    });
    process.once('error', reject);
    process.once('exit', () =>
      reject(new Error(`${process.spawnfile} ended before it was ready:\n${output}`)),
    );
  });
}

/** Ends the process and waits until it has exited. */
export async function end(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const gone = new Promise((resolve) => process.once('exit', resolve));
  process.kill('SIGTERM');
  const timer = setTimeout(() => process.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(timer);
}
