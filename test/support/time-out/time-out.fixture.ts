import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { test } from 'vitest';
import { endWithFile } from '../children.js';

test('starts a process and times out', { timeout: 100 }, async () => {
  const child = endWithFile(spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)']));
  writeFileSync(process.env.PID_FILE!, String(child.pid));
  await once(child, 'exit');
});
