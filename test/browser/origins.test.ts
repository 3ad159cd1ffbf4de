import { expect } from 'vitest';
import { reach, write } from '../support/page.js';
import { account, ada, bob, test } from '../support/scene.js';
import { startSite } from '../support/site.js';

/**
 * Cookies do not depend on the port, and the setting `baseDomain` shares them among subdomains. Storage belongs to one
 * origin, so neither origin knows of the other's users.
 */
test('a page does not resume the session of another user from an origin with the same cookies', async ({
  sandbox,
  site,
  page,
}) => {
  const other = await startSite(sandbox.inbox);
  try {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    other.user = bob;
    await page.goto(other.url);
    await reach(page, 'connected');
    expect(await write(page, sandbox, 'a message of Bob')).toBe('bob, verified');
    await page.goto(site.url);
    await reach(page, 'connected');
    expect(await write(page, sandbox, 'a message of Ada')).toBe('ada, verified');
    expect(account(sandbox)).toEqual([
      'session 1',
      'ada verified in 1',
      'session 2',
      'bob verified in 2',
      'session 3',
      'ada verified in 3',
    ]);
  } finally {
    await other.close();
  }
});
