import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { root } from './references.js';

const documents = [
  'SECURITY.md',
  ...readdirSync(new URL('docs', root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...readdirSync(new URL('packages', root)).map((name) => `packages/${name}/README.md`),
];

const read = (address: URL) => readFileSync(address, 'utf8');

/** Returns the text without code blocks and code spans, because their brackets are not links. */
const prose = (text: string) => text.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`/g, '``');

/**
 * Returns the anchors of a document: `<a id>` elements, and headings in GitHub's format, which numbers
 * repeated headings.
 */
function anchorsIn(text: string): Set<string> {
  const anchors = new Set<string>();
  const own = Array.from(text.matchAll(/<a id="([^"]+)"><\/a>/g), ([, id]) => id!);
  for (const [, heading] of text.replaceAll(/^```.*?^```/gms, '').matchAll(/^#+ (.+)$/gm)) {
    const plain = heading!.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = plain.replaceAll(/[^\p{L}\p{N}_ -]/gu, '').replaceAll(' ', '-');
    let unique = anchor;
    for (let count = 1; anchors.has(unique); count++) unique = `${anchor}-${count}`;
    anchors.add(unique);
  }
  return new Set([...anchors, ...own]);
}

/** Returns the document that a link opens. GitHub shows the README.md of a folder. */
function opened(address: URL): URL {
  return statSync(address).isDirectory() ? new URL(`${address.href.replace(/\/?$/, '/')}README.md`) : address;
}

describe.each(documents)('%s', (document) => {
  const address = new URL(document, root);
  const links = Array.from(prose(read(address)).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g));

  test('contains only links to files and headings that exist', () => {
    const broken = links.filter(([, path, anchor]) => {
      const target = new URL(path || '', address);
      target.hash = '';
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsIn(read(opened(target))).has(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});

test('anchorsIn finds explicit anchors and numbers repeated headings', () => {
  expect([
    ...anchorsIn(
      '# The `x` (a)\n\n## It is "y"\n\n## It is "y"\n\n```md\n# Not one\n```\n<a id="own-3"></a>\n',
    ),
  ]).toEqual(['the-x-a', 'it-is-y', 'it-is-y-1', 'own-3']);
});
