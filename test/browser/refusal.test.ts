import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { call, collect, collected, connect, options, reach, write } from '../support/page.js';
import { account, ada, bob, see, test } from '../support/scene.js';

/** Collects the warnings in a page's console. */
function warnings(page: Page): string[] {
  const lines: string[] = [];
  page.on('console', (message) => message.type() === 'warning' && lines.push(message.text()));
  return lines;
}

describe.concurrent('if Chatwoot refuses a hash,', () => {
  const wrong = 'wyHVRZzzJhjPMKR2h7LpeJVy';

  test('the page requests the identity with a new hash from the endpoint', async ({
    sandbox,
    site,
    page,
  }) => {
    site.user = ada;
    site.inlined = { identity: site.identity(ada, wrong) };
    await collect(page);
    await page.goto(site.url);
    await reach(page, 'connected');
    // Chatwoot opens a second session, because the page treats identities with different hashes as different users.
    expect(account(sandbox)).toEqual(['session 1', 'ada 401 in 1', 'session 2', 'ada verified in 2']);
    expect(await collected(page)).toEqual(['reset null', 'connected null']);
  });

  test('the page sends no more requests until the endpoint returns a different hash', async ({
    sandbox,
    site,
    page,
  }) => {
    const lines = warnings(page);
    site.user = ada;
    site.inbox = { ...site.inbox, hmacToken: wrong };
    await collect(page);
    await page.goto(site.url);
    await reach(page, 'refused');
    await call(page, 'refresh');
    await reach(page, 'refused');
    site.inbox = sandbox.inbox;
    await call(page, 'refresh');
    await reach(page, 'connected');
    expect(account(sandbox)).toEqual([
      'session 1',
      'ada 401 in 1',
      'ada 401 in 1',
      'session 2',
      'ada verified in 2',
    ]);
    expect(await collected(page)).toEqual(['refused {"reason":"hash"}', 'reset null', 'connected null']);
    expect(lines).toEqual([
      '[chatwoot-identity] Chatwoot refused the identifier_hash. Run: npx chatwoot-identity explain <identifier> <hash>',
    ]);
  });

  test('the page sends a correct hash after a reload', async ({ sandbox, site, page }) => {
    site.user = ada;
    site.inbox = { ...site.inbox, hmacToken: wrong };
    await page.goto(site.url);
    await reach(page, 'refused');
    site.inbox = sandbox.inbox;
    await page.reload();
    await see(sandbox, 'ada verified in 2');
    expect(account(sandbox)).toEqual([
      'session 1',
      'ada 401 in 1',
      'ada 401 in 1',
      'session 2',
      'ada verified in 2',
    ]);
  });

  test('the page does not log the error of a failed request, which contains the session token', async ({
    sandbox,
    site,
    page,
  }) => {
    const lines: string[] = [];
    page.on('console', (message) => lines.push(message.text()));
    site.user = ada;
    await page.route('**/set_user*', (route) => route.abort());
    await collect(page);
    await page.goto(site.url);
    await reach(page, 'refused');
    expect(await collected(page)).toEqual(['refused {"reason":"error"}']);
    expect(lines.join()).not.toMatch(/X-Auth-Token|eyJ/);
    expect(account(sandbox)).toEqual(['session 1']);
  });

  test('the page sends the user only once more, even if the refusal is a forged event', async ({
    sandbox,
    site,
    page,
  }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    const claim = () =>
      void dispatchEvent(new CustomEvent('chatwoot:error', { detail: { error: 'HMAC failed' } }));
    await page.evaluate(claim);
    await see(sandbox, 'ada verified in 1', 2);
    await page.evaluate(claim);
    await reach(page, 'refused');
    await page.evaluate(claim);
    site.user = bob;
    await call(page, 'refresh');
    await see(sandbox, 'bob verified in 2');
    expect(account(sandbox)).toEqual([
      'session 1',
      'ada verified in 1',
      'ada verified in 1',
      'session 2',
      'bob verified in 2',
    ]);
  });
});

describe.concurrent('if the signed-in user cannot be determined,', () => {
  test('a new page neither loads nor deletes the session of the last user', async ({
    sandbox,
    site,
    page,
  }) => {
    site.user = ada;
    site.inlined = {};
    await page.goto(site.url);
    await reach(page, 'connected');
    site.failure = 503;
    await page.reload();
    await reach(page, 'unavailable');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
    site.failure = undefined;
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await reach(page, 'connected');
    expect(await write(page, sandbox, 'back')).toBe('ada, verified');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1', 'resumed 1']);
  });

  test('the page hides the chat without a reset, and shows it again later', async ({
    sandbox,
    site,
    page,
  }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    site.failure = 500;
    const lines = warnings(page);
    await call(page, 'refresh');
    await reach(page, 'unavailable');
    expect(lines).toEqual([
      "[chatwoot-identity] /chatwoot/identity returned 500, no identity. Check identityUrl and the server's log",
    ]);
    const bubble = page.locator('.woot-widget-bubble').first();
    await bubble.waitFor({ state: 'hidden' });
    site.failure = undefined;
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await bubble.waitFor({ state: 'visible' });
    expect(await write(page, sandbox, 'back')).toBe('ada, verified');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
  });

  test('the chat is unavailable, for example if the response is a login page', async ({
    sandbox,
    site,
    page,
  }) => {
    site.inlined = {};
    site.data = { identity_url: '/login?next=s3cret' };
    const lines = warnings(page);
    await page.goto(site.url);
    await reach(page, 'unavailable');
    expect(lines).toEqual([
      "[chatwoot-identity] /login returned 200, no identity. Check identityUrl and the server's log",
    ]);
    await page.locator('.woot-widget-bubble').first().waitFor({ state: 'hidden' });
    expect(account(sandbox)).toEqual(['session 1']);
  });

  test('the page rejects an identity without a hash', async ({ sandbox, site, page }) => {
    await page.goto(`${site.url}/app`);
    const refusal = page.evaluate(
      (options) => window.chat.connect({ identifier: 'ada', name: 'Ada' } as never, options).catch(String),
      options(site),
    );
    expect(await refusal).toContain('identifier_hash');
    await connect(page, site, bob);
    await see(sandbox, 'bob verified in 1');
    expect(account(sandbox)).toEqual(['session 1', 'bob verified in 1']);
  });
});
