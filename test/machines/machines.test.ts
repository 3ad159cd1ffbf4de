import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { CHATWOOT, run, startMachine } from './machine.js';

describe.each(['express', 'koa'])('the %s example', (example) => {
  it('serves its pages while Redis is not running', async () => {
    const env = { ...CHATWOOT, REDIS_URL: 'redis://127.0.0.1:1', SESSION_SECRET: 'a secret' };
    const machine = await startMachine(example, env);
    const page = await fetch(machine.url);
    await machine.kill();
    expect(page.status).toBe(200);
  });

  it('refuses REDIS_URL without SESSION_SECRET and explains the fix', async () => {
    const child = run(example, { ...CHATWOOT, REDIS_URL: 'redis://127.0.0.1:6379' });
    let errors = '';
    child.stderr!.on('data', (chunk) => {
      errors += chunk;
    });
    const [code] = await once(child, 'close');
    expect([code, errors]).toEqual([1, expect.stringContaining('Set SESSION_SECRET too')]);
  });
});
