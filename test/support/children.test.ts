import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';

test('endWithFile ends the process of a test that times out', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'children-'));
  const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
  const failed = await promisify(execFile)(process.execPath, [vitest, 'run'], {
    cwd: fileURLToPath(new URL('time-out', import.meta.url)),
    env: { ...process.env, PID_FILE: join(folder, 'pid') },
  }).catch((error) => error);
  expect(failed.stderr).toContain('Test timed out in 100ms');
  const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
  rmSync(folder, { recursive: true });
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'));
});
