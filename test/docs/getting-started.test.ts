import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Sandbox, startSandbox } from '@chatwoot-identity/sandbox';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { environment, startSandboxCommand } from '../cli/run.js';
import { endWithFile } from '../support/children.js';
import { launchChromium } from '../support/chromium.js';
import { filesOf, imported, installed, section, seeAda } from './getting-started.js';

vi.spyOn(console, 'warn').mockReturnValue(); // the sandbox prints a warning that it is for development

let sandbox: Sandbox;
let folder: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  sandbox = await startSandbox();
  // The folder is below node_modules, so that no package.json of this repository decides whether a file is an
  // ES module.
  folder = mkdtempSync(fileURLToPath(new URL('../node_modules/.getting-started-', import.meta.url)));
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill();
  rmSync(folder, { recursive: true });
  await sandbox.close();
});

/** Runs the app of a section according to the guide. Returns the address of the app. */
async function start(part: string): Promise<string> {
  const [, flag, file] = /^node (\S+) (\S+)$/m.exec(part)!;
  const files = filesOf(part);
  const announcing = files[file!]!.replace(
    /\.listen\((.*)\);\s*$/,
    '.listen($1, function () { console.log(this.address().port); });',
  );
  expect(announcing).not.toBe(files[file!]);
  writeFileSync(`${folder}/${file}`, announcing);
  writeFileSync(
    `${folder}/.env`,
    `CHATWOOT_BASE_URL=${sandbox.baseUrl}
CHATWOOT_WEBSITE_TOKEN=${sandbox.websiteToken}
CHATWOOT_HMAC_TOKEN=${sandbox.hmacToken}
SESSION_SECRET=a-random-text-of-32-characters-or-more
PORT=0`,
  );
  const app = endWithFile(spawn(process.execPath, [flag!, file!], { cwd: folder, env: environment() }));
  children.push(app);
  const [port] = await once(createInterface(app.stdout), 'line');
  return `http://localhost:${port}`;
}

describe('docs/getting-started.md', () => {
  test.each(['Express', 'Koa'])(
    'shows an app for %s that opens a verified chat and ends it on logout',
    async (name) => {
      const url = await start(section(name));
      const browser = await launchChromium();
      try {
        await seeAda(browser, url, '/login', sandbox);
      } finally {
        await browser.close();
      }
    },
  );

  test.each(['Express', 'Koa'])('lists the packages that the app for %s imports', (name) => {
    const part = section(name);
    expect(installed(part).toSorted()).toEqual(imported(filesOf(part)));
  });

  test.each([
    ['Next.js, App Router', ['next', 'react']],
    ['Next.js, Pages Router', ['next', 'react']],
  ])('lists the packages that the app for %s imports', (name, given) => {
    const part = section(name);
    expect(installed(part).toSorted()).toEqual(imported(filesOf(part), given));
  });

  test('lists the variables that the sandbox prints', async () => {
    const { child, printed } = await startSandboxCommand({});
    children.push(child);
    const variables = Array.from(printed.matchAll(/^(CHATWOOT_\w+)=.+$/gm), (match) => match[1]);
    const part = section('Find the three values');
    expect(Array.from(part.matchAll(/^\| `(\w+)` /gm), (match) => match[1]).toSorted()).toEqual(
      variables.toSorted(),
    );
    for (const variable of variables) expect(part).toContain(`\n${variable}=`);
  });
});
