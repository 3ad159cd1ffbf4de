import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root: URL = new URL('../../', import.meta.url);

/** The documents that name a test for each of their claims. */
export const documents = ['SECURITY.md', 'docs/troubleshooting.md', 'packages/sandbox/README.md'] as const;

export interface Reference {
  /** The file's name in the document. */
  readonly label: string;
  readonly path: string;
  /** A part of the test's name. */
  readonly name: string;
}

/** Each `[`file`](path) "name"` of a document, further names of the same file included. */
export function referencesIn(document: string): Reference[] {
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
