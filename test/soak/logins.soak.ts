import { createServer } from 'node:http';
import { chatwootIdentity, chatwootLogout } from '@chatwoot-identity/express';
import { startSandbox } from '@chatwoot-identity/sandbox';
import express from 'express';
import session from 'express-session';
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import { listen } from '../support/http.js';
import { reach } from '../support/page.js';

const PROFILES = 8;
const STEPS = 30;
const seed = Number(process.env.SOAK_SEED ?? Date.now() % 2 ** 31);

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('login ada', 'login bob', 'login eve') },
  { weight: 2, arbitrary: fc.constantFrom('logout', 'session lost') },
  { weight: 1, arbitrary: fc.constantFrom('reload', 'back', 'rush') },
);

test(`each browser has the right user after each of ${PROFILES * STEPS} logins and logouts in ${PROFILES} browsers`, async () => {
  console.log(`SOAK_SEED=${seed}`);
  vi.spyOn(console, 'warn').mockReturnValue();
  const sandbox = await startSandbox({ hmacMandatory: true });
  const app = express();
  app.use(session({ secret: 'keyboard cat', resave: false, saveUninitialized: false }));
  app.use(
    chatwootIdentity({
      inbox: sandbox.inbox,
      contact: ({ session: { userId } }) => (userId ? { identifier: userId } : null),
      inject: true,
    }),
  );
  app.get('/login/:user', (req, res) => {
    req.session.userId = req.params.user;
    res.redirect('/');
  });
  app.get('/logout', (req, res) => {
    chatwootLogout(res);
    req.session.destroy(() => res.redirect('/'));
  });
  app.get('/session-lost', (req, res) => {
    req.session.destroy(() => res.redirect('/'));
  });
  app.get('/', (_req, res) => void res.send('<!doctype html><title>Shop</title><body></body></html>'));
  const { url, close } = await listen(createServer(app));
  const browser = await launchChromium();

  /** Returns the user that the inbox associates with the chat of this browser. */
  async function userOfChat(page: Page): Promise<string> {
    const token = (await page.context().cookies()).find(({ name }) => name === 'cw_conversation')?.value;
    const response = await fetch(`${sandbox.baseUrl}/sandbox/me`, {
      headers: { 'x-auth-token': token ?? '' },
    });
    if (!response.ok) return 'anonymous';
    const { identifier, hmac_verified } = (await response.json()) as Record<string, unknown>;
    return identifier ? `${identifier}, ${hmac_verified ? 'verified' : 'not verified'}` : 'anonymous';
  }

  async function live(profile: number): Promise<void> {
    const page = await (await browser.newContext()).newPage();
    let user: string | null = null;
    await page.goto(url);
    await reach(page, 'anonymous');
    for (const [index, what] of fc.sample(step, { seed: seed + profile, numRuns: STEPS }).entries()) {
      if (what.startsWith('login ')) {
        user = `${what.slice(6)}-${profile}`;
        await page.goto(`${url}/login/${user}`);
      } else if (what === 'rush') {
        user = `bob-${profile}`;
        await page.goto(`${url}/login/ada-${profile}`, { waitUntil: 'commit' });
        await page.goto(`${url}/logout`, { waitUntil: 'commit' });
        await page.goto(`${url}/login/${user}`);
      } else if (what === 'reload') await page.reload();
      else if (what === 'back') {
        await page.goto(`${url}/?${index}`);
        await page.goBack();
      } else {
        user = null;
        await page.goto(`${url}/${what.replace(' ', '-')}`);
      }
      await reach(page, user ? 'connected' : 'anonymous');
      expect(await userOfChat(page), `${what}, step ${index} of profile ${profile}`).toBe(
        user ? `${user}, verified` : 'anonymous',
      );
    }
    await page.context().close();
  }

  try {
    await Promise.all(Array.from({ length: PROFILES }, (_, profile) => live(profile)));
    // The record of the sandbox shows that no user was refused and that no session belonged to two users.
    const users = sandbox.record.filter((event) => event.type === 'set_user');
    expect(users.filter(({ status, verified }) => status !== 200 || !verified)).toEqual([]);
    const owners = new Map<number, Set<unknown>>();
    for (const { sessionId, identifier } of users)
      if (sessionId !== null && sessionId !== undefined)
        owners.set(sessionId, (owners.get(sessionId) ?? new Set()).add(identifier));
    expect([...owners.values()].filter((names) => names.size > 1)).toEqual([]);
    expect(JSON.stringify(sandbox.record)).not.toContain(sandbox.hmacToken);
    console.log(`${users.length} users identified in ${sandbox.sessions.length} sessions`);
  } finally {
    await browser.close();
    await close();
    await sandbox.close();
  }
});
