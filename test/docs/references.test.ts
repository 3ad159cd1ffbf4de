import { existsSync, readFileSync } from 'node:fs';
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
