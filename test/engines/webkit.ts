import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { freePort } from '../support/free-port.js';
import {
  type Browser,
  type BrowserSettings,
  type Engine,
  end,
  findProgram,
  readFrom,
  type Tab,
  type Visitor,
} from './browser.js';

/** Debian's WebKitGTK (MiniBrowser), controlled over WebDriver. */
export const webkit: Engine = {
  name: 'WebKit',
  async launch(settings): Promise<Browser> {
    const driver = findProgram('WebKitWebDriver', 'webkit2gtk-driver');
    const miniBrowser = findProgram('MiniBrowser', 'webkit2gtk-driver', libraryFolders());
    const xvfb = spawn(
      findProgram('Xvfb', 'xvfb'),
      ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
    );
    const display = `:${await readFrom(xvfb, xvfb.stdio[3] as NodeJS.ReadableStream, /^(\d+)\n/)}`;
    const visitors = new Set<Visitor>();
    return {
      async visitor() {
        const visitor = await startVisitor(driver, miniBrowser, display, settings);
        visitors.add(visitor);
        return visitor;
      },
      async close() {
        await Promise.all([...visitors].map((visitor) => visitor.close()));
        await end(xvfb);
      },
    };
  },
};

/** Returns the folders that may contain MiniBrowser, which is not on `PATH`. */
function libraryFolders(): string[] {
  const architectures = readdirSync('/usr/lib').filter((name) => name.endsWith('-linux-gnu'));
  return architectures.flatMap((name) => [
    `/usr/lib/${name}/webkit2gtk-4.1`,
    `/usr/lib/${name}/webkit2gtk-4.0`,
  ]);
}

/** Starts a driver for one visitor, because a WebKitWebDriver supports only one session with one MiniBrowser. */
async function startVisitor(
  driver: string,
  miniBrowser: string,
  display: string,
  { backForwardCache, storage }: BrowserSettings,
): Promise<Visitor> {
  const { child, url } = await startDriver(driver, {
    ...process.env,
    DISPLAY: display,
    NO_AT_BRIDGE: '1', // no accessibility bus is running
    LIBGL_ALWAYS_SOFTWARE: '1',
  });
  const { sessionId } = await send<{ sessionId: string }>('POST', `${url}/session`, {
    capabilities: {
      alwaysMatch: {
        'webkitgtk:browserOptions': {
          binary: miniBrowser,
          args: [
            '--automation', // uses a temporary profile
            `--enable-page-cache=${backForwardCache}`,
            ...(storage ? [] : ['--cookies-policy=never', '--enable-html5-local-storage=false']),
          ],
        },
      },
    },
  }).catch(async (error) => {
    await end(child);
    throw error;
  });
  const session = `${url}/session/${sessionId}`;
  let first = true;
  let turn: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;

  // A command applies to the current window. Commands run one at a time, so that no command runs in the window of
  // another.
  const inWindow = <Result>(handle: string, command: string, body: object): Promise<Result> => {
    const result = turn.then(async () => {
      await send('POST', `${session}/window`, { handle });
      return send<Result>('POST', `${session}/${command}`, body);
    });
    turn = result.catch(() => {});
    return result;
  };

  return {
    async tab(): Promise<Tab> {
      const handle = first
        ? await send<string>('GET', `${session}/window`)
        : (await send<{ handle: string }>('POST', `${session}/window/new`, { type: 'tab' })).handle;
      first = false;
      return {
        open: (url) => inWindow(handle, 'url', { url }),
        evaluate: (body, argument) =>
          inWindow(handle, 'execute/sync', {
            script: `return (${body})(...arguments)`,
            args: [argument ?? null],
          }),
      };
    },
    close() {
      closing ??= (async () => {
        await send('DELETE', session).catch(() => {}); // ends MiniBrowser
        await end(child);
      })();
      return closing;
    },
  };
}

/** Sends a WebDriver command. */
async function send<Result>(method: string, url: string, body?: object): Promise<Result> {
  const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = (await response.json()) as { value: Result & { error?: string; message?: string } };
  if (!response.ok) throw new Error(`WebKit: ${value.error}: ${value.message}`);
  return value;
}

/** Starts a driver on a free port. Retries on another port if another process has taken the port in the meantime. */
async function startDriver(
  driver: string,
  env: NodeJS.ProcessEnv,
): Promise<{ child: ChildProcess; url: string }> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const port = await freePort();
    const child = spawn(driver, [`--port=${port}`], { env, stdio: 'ignore' });
    const url = `http://127.0.0.1:${port}`;
    if (await answers(child, `${url}/status`)) return { child, url };
  }
  throw new Error('WebKitWebDriver ends before it is ready.');
}

/** Sends requests until the driver responds. Resolves with false if the driver exits first. */
async function answers(child: ChildProcess, url: string): Promise<boolean> {
  while (child.exitCode === null) {
    const answered = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answered) return child.exitCode === null;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}
