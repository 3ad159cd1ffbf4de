import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { documents, referencesIn, referencesInText, root } from './references.js';

describe.each(documents)('%s', (document) => {
  const references = referencesIn(document);

  const text = readFileSync(new URL(document, root), 'utf8');

  test('cites at least one test', () => {
    expect(references.length).toBeGreaterThan(0);
    // The parser must find every comment that cites a test, and a test name after every link to a test file.
    const comments = references.filter(({ label }) => label === undefined).length;
    expect(comments).toBeGreaterThanOrEqual(text.split('<!-- test:').length - 1);
  });

  const sections = text.split(/^(?=##+ )/m).filter((section) => section.startsWith('### '));
  test.each(sections.map((section) => [section.slice(4, section.indexOf('\n')), section]))(
    'cites a test in the section "%s"',
    (_heading, section) => {
      expect(referencesInText(section, new URL(document, root))).not.toEqual([]);
    },
  );

  test.each(references)('cites a test that exists: "$name"', ({ label, path, name }) => {
    if (label) expect(basename(path)).toBe(label);
    // passed.report.ts checks after all suites that the test passed.
    expect(readFileSync(path, 'utf8')).toContain(name);
  });
});

test.each([
  ['docs/security/threat-model.md', 60],
  ['docs/troubleshooting.md', 55],
])('%s cites at least %i tests', (document, count) => {
  expect(referencesIn(document).length).toBeGreaterThanOrEqual(count);
});

test('SECURITY.md lists the dependencies of each package', () => {
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
