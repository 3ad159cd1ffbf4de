import { expect } from 'vitest';
import { reach } from '../support/page.js';
import { account, see, test } from '../support/scene.js';

/** Two identifiers with the same short digest. An attacker could choose such an identifier deliberately. */
const victim = { identifier: 'ad2', name: 'Ada' };
const attacker = { identifier: 'afp', name: 'Bob' };

test('a user gets a new session if an earlier user of the browser has an identifier with the same short digest', async ({
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
