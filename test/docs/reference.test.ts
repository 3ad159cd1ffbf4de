import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { compileErrors } from './examples.js';
import { examplesOf } from './generator/examples.js';
import { renderTables } from './generator/options.js';
import { readApi, renderPages } from './generator/reference.js';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

let api: Awaited<ReturnType<typeof readApi>>;
beforeAll(async () => {
  api = await readApi();
});

const advice = 'Run `npm run docs` and commit the files that it writes.';

describe('docs/api', () => {
  test('is the current output of `npm run docs`', async () => {
    const pages = await renderPages(api);
    const committed = readdirSync(new URL('docs/api', root)).map((name) => `docs/api/${name}`);
    expect(committed.toSorted(), advice).toEqual([...pages.keys()].toSorted());
    for (const [path, page] of pages)
      expect(read(path) === page, `${path} is out of date. ${advice}`).toBe(true);
  });
});

describe('the examples in docs/api', () => {
  const exported = (path: string) =>
    api.project.children!.find(({ name }) => name === path)!.children!.map(({ name }) => name);

  test('compile without errors', () => {
    const examples = examplesOf(api.project);
    expect(examples.length).toBeGreaterThan(25);
    expect(compileErrors(examples, exported)).toBe('');
  });

  test('fail to compile with a misspelled option', () => {
    const [example] = examplesOf(api.project)
      .filter(({ path }) => path === '@chatwoot-identity/express')
      .slice(-1);
    const misspelled = { ...example!, code: example!.code.replace('websiteToken', 'websitetoken') };
    expect(compileErrors([misspelled], exported)).toContain("'websitetoken'");
  });
});

describe('docs/configuration.md', () => {
  const text = read('docs/configuration.md');

  test('lists every option with its type and default', () => {
    expect(renderTables(text, api.project) === text, advice).toBe(true);
  });

  test('lists the environment variables of the command line', () => {
    const source = new URL('packages/cli/src/', root);
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const code = files.map((name) => readFileSync(new URL(name, source), 'utf8')).join('\n');
    const used = new Set(Array.from(code.matchAll(/\benv\.(\w+)/g), (match) => match[1]));
    const section = /^## The command line\n(.*?)^## /ms.exec(text)![1]!;
    const listed = Array.from(section.matchAll(/^\| `(\w+)` /gm), (match) => match[1]);
    expect(listed.toSorted()).toEqual([...used].toSorted());
  });
});
