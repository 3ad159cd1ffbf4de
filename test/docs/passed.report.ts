import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { documents, referencesIn } from './references.js';

/** The parts of Vitest's JSON report that these tests read. */
interface Report {
  testResults: { name: string; assertionResults: { fullName: string; status: string }[] }[];
}

const folder = process.env.REPORTS;
if (!folder)
  throw new Error('Set REPORTS to the folder with the JSON reports of all suites, as .ci/run does.');

const tests = readdirSync(folder).flatMap((file) => {
  const report: Report = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'));
  return report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, status }) => ({ path: name, fullName, status })),
  );
});

describe.each(documents)('every test cited by %s passed', (document) => {
  test.each(referencesIn(document))('$path: $name', ({ path, name }) => {
    const isTestFile = /\.(?:test|machine|engine|matrix|runtime|fuzz|soak)\.ts$/.test(path);
    // The audits are not test files, but the names of their tests contain the name of the audit.
    const named = tests.filter((each) => (!isTestFile || each.path === path) && each.fullName.includes(name));
    expect(named, 'no test with this name was run').not.toEqual([]);
    expect(named.filter(({ status }) => status !== 'passed')).toEqual([]);
  });
});
