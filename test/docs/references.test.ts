import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);

/** Each `[`file`](path) "name"` of a document, further names of the same file included. */
function referencesIn(document: string): { label: string; path: string; name: string }[] {
  const text = readFileSync(new URL(document, root), 'utf8');
  return Array.from(text.matchAll(/\[`([^`]+\.ts)`\]\(([^)]+)\)((?:[,;]? "[^"]+")*)/g)).flatMap(
    ([, label, path, names]) =>
      Array.from(names!.matchAll(/"([^"]+)"/g), ([, name]) => ({
        label: label!,
        path: fileURLToPath(new URL(path!, new URL(document, root))),
        name: name!,
      })),
  );
}

describe.each(['SECURITY.md', 'docs/troubleshooting.md'])('%s', (document) => {
  const references = referencesIn(document);

  test('names tests', () => {
    expect(references.length).toBeGreaterThan(20);
  });

  test.each(references)('$label: $name', ({ label, path, name }) => {
    expect(basename(path)).toBe(label);
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
