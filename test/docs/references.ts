import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root: URL = new URL('../../', import.meta.url);

/**
 * The documents that cite a test for each claim. Every section with a third-level heading cites at least one
 * test.
 */
export const documents = [
  'docs/security/threat-model.md',
  'docs/troubleshooting.md',
  'docs/caching.md',
  'docs/deployment.md',
  'docs/migrating-from-intercom.md',
  'docs/mobile.md',
  'docs/sandbox.md',
] as const;

export interface Reference {
  /** The text of the link to the test file. The label is undefined if a comment cites the test. */
  readonly label: string | undefined;
  readonly path: string;
  /** A part of the test's name. */
  readonly name: string;
}

/**
 * Returns the tests that a document cites, either in its text as `[`file`](path) "name"` or in a comment,
 * `<!-- test: path "name" -->`. The path in a comment begins at the root of the repository. Further names of tests in the
 * same file may follow.
 */
export function referencesIn(document: string): Reference[] {
  return referencesInText(readFileSync(new URL(document, root), 'utf8'), new URL(document, root));
}

export function referencesInText(text: string, address: URL): Reference[] {
  const links = /\[`([^`]+\.ts)`\]\(([^)]+)\)((?:[,;]? "[^"]+")*)/g;
  const comments = /<!-- test: (\S+\.ts)((?:[,;]? "[^"]+")+) -->/g;
  return [
    ...Array.from(text.matchAll(links), ([, label, path, names]) => ({
      label,
      path: new URL(path!, address),
      names,
    })),
    ...Array.from(text.matchAll(comments), ([, path, names]) => ({
      label: undefined,
      path: new URL(path!, root),
      names,
    })),
  ].flatMap(({ label, path, names }) =>
    Array.from(names!.matchAll(/"([^"]+)"/g), ([, name]) => ({
      label,
      path: fileURLToPath(path),
      name: name!,
    })),
  );
}
