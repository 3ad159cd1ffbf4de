import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('the README of diagnostics shows the actual output of its example', async () => {
  const readme = readFileSync(new URL('../../packages/diagnostics/README.md', import.meta.url), 'utf8');
  const [code, ...others] = Array.from(readme.matchAll(/^```js\n(.*?)^```/gms), ([, block]) => block!);
  expect(others).toEqual([]);
  const child = spawn(process.execPath, ['--input-type=module'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(code);
  const said = Array.from(code!.matchAll(/; \/\/ (.*)$/gm), ([, line]) => line);
  expect((await text(child.stdout)).trimEnd().split('\n')).toEqual(said);
});
