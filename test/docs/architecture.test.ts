import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { root } from './references.js';

const text = readFileSync(new URL('docs/architecture.md', root), 'utf8');
const rows = Array.from(
  text.matchAll(/^\| \[`(\w+)`\]\(\.\.\/packages\/(\w+)\) +\| ([\w, ]+?) +\| (\d+) +\|/gm),
  ([, label, name, list, lines]) => ({
    label,
    name: name!,
    arrows: list === 'none' ? [] : list!.split(', '),
    lines: Number(lines),
  }),
);

/** Returns the packages of this repository that a package depends on. */
function dependenciesOf(name: string): string[] {
  const manifest = JSON.parse(readFileSync(new URL(`packages/${name}/package.json`, root), 'utf8'));
  return Object.keys(manifest.dependencies ?? {})
    .filter((dependency) => dependency.startsWith('@chatwoot-identity/'))
    .map((dependency) => dependency.slice('@chatwoot-identity/'.length));
}

/** Returns the TypeScript sources of a package, without tests. */
function sourcesOf(name: string): string[] {
  const folder = new URL(`packages/${name}/src/`, root);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
    .map((path) => readFileSync(new URL(path, folder), 'utf8'));
}

test('the table in docs/architecture.md lists every package', () => {
  expect(rows.map(({ name }) => name).toSorted()).toEqual(readdirSync(new URL('packages', root)).toSorted());
  for (const { label, name } of rows) expect(label).toBe(name);
});

test.each(rows)('the row of $name in docs/architecture.md lists its dependencies', ({ name, arrows }) => {
  expect(arrows.toSorted()).toEqual(dependenciesOf(name).toSorted());
});

test.each(rows)(
  'the package $name imports only the packages in its row of docs/architecture.md',
  ({ name, arrows }) => {
    const imported = sourcesOf(name).flatMap((source) =>
      Array.from(source.matchAll(/(?:^|\s)from '@chatwoot-identity\/(\w+)/g), ([, target]) => target!),
    );
    expect(arrows).toEqual(
      expect.arrayContaining([...new Set(imported)].filter((target) => target !== name)),
    );
  },
);

test('no package depends on itself, directly or through other packages', () => {
  const reach = (name: string): string[] => dependenciesOf(name).flatMap((next) => [next, ...reach(next)]);
  for (const { name } of rows) expect(reach(name)).not.toContain(name);
});

test.each(rows)(
  'the row of $name in docs/architecture.md states its number of lines, within a quarter or 100 lines',
  ({ name, lines }) => {
    const counted = sourcesOf(name).reduce((sum, source) => sum + source.split('\n').length - 1, 0);
    const tolerance = Math.max(100, counted / 4);
    expect(Math.abs(counted - lines), `${counted} lines`).toBeLessThanOrEqual(tolerance);
  },
);

const named = Array.from(text.matchAll(/\[`(\w+)`\]\(([^)]+\.ts)\)/g), ([, name, path]) => ({
  name: name!,
  path: path!,
}));

test.each(named)(
  'the link to $name in docs/architecture.md opens the file that exports it',
  ({ name, path }) => {
    const source = readFileSync(new URL(path, new URL('docs/architecture.md', root)), 'utf8');
    expect(source).toMatch(new RegExp(`export (?:function|class|const) ${name}\\b`));
  },
);

test('docs/architecture.md links to the files that handle a request', () => {
  expect(named.length).toBeGreaterThanOrEqual(14);
});
