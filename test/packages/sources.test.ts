import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const packages = new URL('../../packages/', import.meta.url);
const entries = readdirSync(packages).flatMap((folder) => {
  const { name, exports } = JSON.parse(readFileSync(new URL(`${folder}/package.json`, packages), 'utf8'));
  return Object.keys(exports)
    .filter((subpath) => subpath !== './package.json')
    .map((subpath) => name + subpath.slice(1))
    .filter((entry) => entry !== '@chatwoot-identity/browser/script'); // browser-script.ts bundles this entry
});

test.each(entries)('tests that import %s run its source instead of the last build', (entry) => {
  const file = fileURLToPath(import.meta.resolve(entry));
  expect(file).toMatch(/\/src\/.+\.ts$/);
  expect(existsSync(file)).toBe(true);
});
