import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { documents, referencesIn, root } from './references.js';

describe.each(documents)('%s', (document) => {
  const references = referencesIn(document);

  test('names tests', () => {
    expect(references.length).toBeGreaterThan(20);
  });

  test.each(references)('$label has "$name"', ({ label, path, name }) => {
    expect(basename(path)).toBe(label);
    // That it ran and passed is checked after all suites have run, by passed.report.ts.
    expect(readFileSync(path, 'utf8')).toContain(name);
  });

  test('links to files that exist', () => {
    const text = readFileSync(new URL(document, root), 'utf8');
    for (const [, path] of text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g))
      expect(existsSync(new URL(path!, new URL(document, root))), path).toBe(true);
  });
});

test('SECURITY.md names the dependencies of each package', () => {
  const text = readFileSync(new URL('SECURITY.md', root), 'utf8');
  const rows = Array.from(text.matchAll(/^\| `(\w+)` +\| ([\w, -]+?) +\|$/gm), ([, name, list]) => [
    name,
    list,
  ]);
  const packages = readdirSync(new URL('packages', root));
  const listed = packages.map((name) => {
    const manifest = readFileSync(new URL(`packages/${name}/package.json`, root), 'utf8');
    const { dependencies = {} } = JSON.parse(manifest);
    const names = Object.keys(dependencies).map((dependency) =>
      dependency.replace('@chatwoot-identity/', ''),
    );
    return [name, names.join(', ') || 'none'];
  });
  expect(rows.toSorted()).toEqual(listed.toSorted());
});
