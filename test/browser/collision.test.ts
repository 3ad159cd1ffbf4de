import { expect } from 'vitest';
import { reach } from '../support/page.js';
import { account, see, test } from '../support/scene.js';

/** Names that a short digest does not tell apart: a user may choose theirs to match another's. */
const victim = { identifier: 'ad2', name: 'Ada' };
const attacker = { identifier: 'afp', name: 'Bob' };

test('a user whose name has the same short digest as that of an earlier user of the browser gets a session of their own', async ({
  sandbox,
  site,
  page,
}) => {
  site.user = victim;
  await page.goto(site.url);
  await reach(page, 'connected');
  site.user = attacker;
  await page.reload();
  await see(sandbox, 'afp verified in 2');
  await reach(page, 'connected');
  expect(account(sandbox).filter((line) => line.startsWith('resumed'))).toEqual([]);
});
