import { createServer } from 'node:http';
import { chatwootIdentity, chatwootLogout } from '@chatwoot-identity/express';
import type { Sandbox } from '@chatwoot-identity/sandbox';
import express from 'express';
import { expect } from 'vitest';
import { serving } from '../support/http.js';
import { reach } from '../support/page.js';
import { ada, see, test } from '../support/scene.js';

/** Opens a session as any visitor can, and returns its token. */
async function openSession({ baseUrl, websiteToken }: Sandbox): Promise<string> {
  const page = await (await fetch(`${baseUrl}/widget?website_token=${websiteToken}`)).text();
  return /"authToken":"([^"]+)"/.exec(page)![1]!;
}

/** Returns the contact that the inbox associates with a session's token. */
async function holderOf(token: string, { baseUrl }: Sandbox): Promise<Record<string, unknown>> {
  const response = await fetch(`${baseUrl}/sandbox/me`, { headers: { 'x-auth-token': token } });
  return (await response.json()) as Record<string, unknown>;
}

test.for([
  ["becomes the user's session, like the chat of any anonymous visitor", false],
  ['is not used if the login route calls chatwootLogout', true],
] as const)(
  'a session that an attacker planted in the browser before the login %s',
  async ([, ends], { sandbox, page }) => {
    let signedIn = false;
    const app = express();
    app.use(chatwootIdentity({ inbox: sandbox.inbox, contact: () => (signedIn ? ada : null), inject: true }));
    app.get('/login', (_req, res) => {
      signedIn = true;
      if (ends) chatwootLogout(res);
      res.redirect('/');
    });
    app.get('/', (_req, res) => void res.send('<!doctype html><title>Shop</title>'));
    await serving(createServer(app), async (url) => {
      const planted = await openSession(sandbox);
      await page.context().addCookies([{ name: 'cw_conversation', value: planted, url }]);
      await page.goto(`${url}/login`);
      await see(sandbox, `ada verified in ${ends ? 2 : 1}`);
      await reach(page, 'connected');
      expect(await holderOf(planted, sandbox)).toMatchObject({
        identifier: ends ? null : 'ada',
        hmac_verified: !ends,
      });
    });
  },
);
