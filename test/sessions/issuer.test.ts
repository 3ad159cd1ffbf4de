import { chatwootIdentity } from '@chatwoot-identity/express';
import { jwtContact, jwtSession } from '@chatwoot-identity/jwt';
import express from 'express';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ask } from '../support/http.js';
import { findMarkup } from '../support/markup.js';
import { inbox } from './inbox.js';
import { audience, type Issuer, startIssuer } from './issuer.js';
import { recipes } from './recipes.js';
import { type Running, serve } from './server.js';
import { ada } from './users.js';
import { Visitor } from './visitor.js';

let issuer: Issuer;
let app: Running;

beforeEach(async () => {
  issuer = await startIssuer();
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all([app.close(), issuer.close()]);
});

async function signedIn(recipe: 'auth0-jwt' | 'express-openid-connect'): Promise<Visitor> {
  app = await serve((origin) => recipes[recipe]!.createApp(origin, issuer));
  const visitor = new Visitor(app.origin);
  await recipes[recipe]!.signIn(visitor, ada, issuer);
  expect(await visitor.identity()).toMatchObject({ identifier: ada.id });
  return visitor;
}

/** Advances the clock by 31 seconds, because jose requests new keys at most every 30 seconds. */
const passHalfAMinute = () => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });

describe('an app with an external issuer', () => {
  it('accepts tokens of a new key and refuses tokens of the old key after a rotation', async () => {
    const visitor = await signedIn('auth0-jwt');
    const old = visitor.token;
    await issuer.rotate();
    passHalfAMinute();
    visitor.token = await issuer.accessToken(ada);
    expect(await visitor.identity()).toMatchObject({ identifier: ada.id });
    visitor.token = old;
    expect(await visitor.identity()).toBeNull();
  });

  it('preserves sessions of express-openid-connect after a rotation, and allows new ones', async () => {
    const visitor = await signedIn('express-openid-connect');
    await issuer.rotate();
    expect(await visitor.identity()).toMatchObject({ identifier: ada.id });
    passHalfAMinute();
    const another = new Visitor(app.origin);
    await recipes['express-openid-connect']!.signIn(another, ada, issuer);
    expect(await another.identity()).toMatchObject({ identifier: ada.id });
  });

  it('treats a visitor with a token for another app as anonymous', async () => {
    const visitor = await signedIn('auth0-jwt');
    visitor.token = await issuer.accessToken(ada, { aud: 'https://other.example.com' });
    expect(await visitor.identity()).toBeNull();
  });

  it('omits an e-mail address that the issuer has not verified', async () => {
    const visitor = await signedIn('auth0-jwt');
    visitor.token = await issuer.accessToken(ada, { email_verified: false });
    expect(await visitor.identity()).toEqual({
      identifier: ada.id,
      identifier_hash: expect.any(String),
      name: ada.name,
    });
  });

  it('responds with 500, and not with 401, while the issuer is down', async () => {
    app = await serve((origin) => recipes['auth0-jwt']!.createApp(origin, issuer));
    const visitor = new Visitor(app.origin);
    visitor.token = await issuer.accessToken(ada);
    await issuer.close();
    const response = await visitor.get('/chatwoot/identity');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain(ada.id);
    issuer = await startIssuer();
  });

  it('sends pages without an identity and calls onError while the issuer is down', async () => {
    const page = '<!doctype html><title>Shop</title>';
    const reported: unknown[] = [];
    const jwksUri = new URL('.well-known/jwks.json', issuer.issuer);
    const session = jwtSession({ jwksUri, algorithms: ['RS256'], issuer: issuer.issuer, audience });
    const contact = jwtContact(session);
    app = await serve(() =>
      express()
        .use(chatwootIdentity({ inbox, contact, inject: 'inline', onError: (error) => reported.push(error) }))
        .get('/', (_req, res) => void res.send(page)),
    );
    const authorization = `Bearer ${await issuer.accessToken(ada)}`;
    await issuer.close();
    const signedIn = await ask(app.origin, { headers: { authorization } });
    expect(signedIn.status).toBe(200);
    expect(findMarkup(signedIn.body)?.without.toString()).toBe(page);
    expect(findMarkup(signedIn.body)?.data).not.toHaveProperty('identity');
    expect(reported).toEqual([expect.objectContaining({ code: 'keys_unavailable' })]);

    const anonymous = await ask(app.origin);
    expect(
      findMarkup(anonymous.body)?.data.identity,
      'a request without a token does not need the issuer',
    ).toBeNull();
    issuer = await startIssuer();
  });

  it.each(['', ' ', 'undefined', 'null', '[object Object]'])(
    'responds with 500, and not with 401, to a token with the subject %j',
    async (id) => {
      const visitor = await signedIn('auth0-jwt');
      visitor.token = await issuer.accessToken({ ...ada, id });
      const response = await visitor.get('/chatwoot/identity');
      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain('identifier_hash');
    },
  );
});
