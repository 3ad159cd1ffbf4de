import { readFileSync } from 'node:fs';
import type { Sandbox } from '@chatwoot-identity/sandbox';
import type { Browser } from 'playwright-core';
import { expect } from 'vitest';

const text = readFileSync(new URL('../../docs/getting-started.md', import.meta.url), 'utf8');

/** Returns the section of the guide for one framework. */
export function section(heading: string): string {
  const found = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (!found) throw new Error(`docs/getting-started.md has no section "${heading}".`);
  return found;
}

/** Returns the files that a reader copies, by their paths. */
export function filesOf(part: string): Record<string, string> {
  const files = part.matchAll(/^\*\*`([^`]+)`\*\*\n\n```\w+\n(.*?)^```/gms);
  return Object.fromEntries(Array.from(files, ([, path, code]) => [path!, code!]));
}

/** Returns the packages in the `npm install` line. */
export function installed(part: string): string[] {
  return /^npm install (.+)$/m.exec(part)![1]!.split(' ');
}

/** Returns the packages that the files import, except those that every app of the framework has. */
export function imported(files: Record<string, string>, given: readonly string[] = []): string[] {
  const names = Object.values(files).flatMap((code) =>
    Array.from(code.matchAll(/(?:from|^import) '((?:@[\w-]+\/)?[\w-]+)/gm), (match) => match[1]!),
  );
  return [...new Set(names)].filter((name) => !['node', ...given].includes(name)).toSorted();
}

/** Signs Ada in according to the guide, checks that the inbox has verified her, and signs her out. */
export async function seeAda(browser: Browser, url: string, login: string, sandbox: Sandbox): Promise<void> {
  const context = await browser.newContext();
  context.setDefaultTimeout(120_000); // the server compiles the first page on request
  const page = await context.newPage();
  await page.goto(url + login);
  const event = await sandbox.until(({ type }) => type === 'set_user');
  expect(event).toMatchObject({ identifier: 'user-1', status: 200, verified: true });
  expect(sandbox.contacts.map(({ name, email }) => [name, email])).toContainEqual([
    'Ada Lovelace',
    'ada@example.com',
  ]);

  const sessions = sandbox.sessions.length;
  await page.evaluate(() => {
    const form = document.querySelector('form') ?? document.createElement('form');
    if (!form.isConnected)
      Object.assign(document.body.appendChild(form), { method: 'post', action: '/logout' });
    form.submit();
  });
  // The next page starts an anonymous session.
  await sandbox.until(({ type }) => type === 'session_created' && sandbox.sessions.length > sessions);
  await context.close();
}
