import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

// The rest of the workspace is type-checked with the types of Koa 3.
test('an app for Koa compiles with @types/koa 2', () => {
  const tsc = fileURLToPath(new URL('../../node_modules/.bin/tsc', import.meta.url));
  const project = fileURLToPath(new URL('koa2-types/tsconfig.json', import.meta.url));
  const files = execFileSync(tsc, ['-p', project, '--listFilesOnly'], { encoding: 'utf8' });
  expect(files).toMatch(/@types\+koa@2\..*index\.d\.ts/);
  expect(execFileSync(tsc, ['-p', project], { encoding: 'utf8' })).toBe('');
});
