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

/** The text without code blocks and code spans, whose brackets are not links. */
const prose = (text: string) => text.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`/g, '``');

/** The anchors of a document: its headings', as GitHub makes them (a repeated heading gets a number), and `<a id>`. */
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

/** The document that a link opens: GitHub shows a folder's README.md below its files. */
function opened(address: URL): URL {
  return statSync(address).isDirectory() ? new URL(`${address.href.replace(/\/?$/, '/')}README.md`) : address;
}

describe.each(documents)('%s', (document) => {
  const address = new URL(document, root);
  const links = Array.from(prose(read(address)).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g));

  test('links to files and headings that exist', () => {
    const broken = links.filter(([, path, anchor]) => {
      const target = new URL(path || '', address);
      target.hash = '';
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsIn(read(opened(target))).has(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});

test('an explicit anchor is found, and a repeated heading gets a number', () => {
  expect([
    ...anchorsIn(
      '# The `x` (a)\n\n## It is "y"\n\n## It is "y"\n\n```md\n# Not one\n```\n<a id="own-3"></a>\n',
    ),
  ]).toEqual(['the-x-a', 'it-is-y', 'it-is-y-1', 'own-3']);
});
