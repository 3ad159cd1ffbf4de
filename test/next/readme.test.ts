import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

/** The lines of a text without indentation, which differs between a file and the README. */
const flat = (text: string) => text.trim().replaceAll(/^ +/gm, '');

const readme = read('packages/next/README.md');
const blocks = [...readme.matchAll(/(?:<!-- from (\S+) -->\n\n)?```tsx?\n(.*?)```/gs)].map(
  ([, path = '(no file)', code]) => ({ path, code: code! }),
);

describe('packages/next/README.md', () => {
  test.each(blocks)('shows what is in $path', ({ path, code }) => {
    expect(flat(read(path))).toContain(flat(code).replace(/>;$/, '>')); // how Biome writes a lone element
  });

  test('contains no block that this test overlooks', () => {
    expect(blocks).toHaveLength(readme.match(/^```tsx?$/gm)!.length);
    expect(blocks.length).toBeGreaterThan(5);
  });

  test('links to files that exist', () => {
    for (const [, path] of readme.matchAll(/\]\((?!https:|#)([^)#]+)/g)) {
      expect([path, existsSync(new URL(`packages/next/${path}`, root))]).toEqual([path, true]);
    }
  });
});
