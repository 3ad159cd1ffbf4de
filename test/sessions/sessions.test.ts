import { verifyIdentifierHash } from '@chatwoot-identity/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inbox } from './inbox.js';
import { type Issuer, startIssuer } from './issuer.js';
import { recipes } from './recipes.js';
import { type Running, serve } from './server.js';
import { ada, bob, type User } from './users.js';
import { Visitor } from './visitor.js';

let issuer: Issuer;

beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer.close());

describe.each(Object.entries(recipes))('an app with %s', (_, recipe) => {
  let app: Running;

  beforeAll(async () => {
    app = await serve((origin) => recipe.createApp(origin, issuer));
  });
  afterAll(() => app.close());

  /** Signs a user in, and returns the visitor and the expected identity. */
  async function signedIn(user: User) {
    const visitor = new Visitor(app.origin);
    const identifier = await recipe.signIn(visitor, user, issuer);
    const profile = recipe.withoutEmail ? { name: user.name } : { name: user.name, email: user.email };
    const identity = { identifier, identifier_hash: expect.stringMatching(/^[0-9a-f]{64}$/), ...profile };
    return { visitor, identity };
  }

  it('returns no identity before a login', async () => {
    expect(await new Visitor(app.origin).identity()).toBeNull();
  });

  it('returns the identity of the signed-in user, with a hash that Chatwoot accepts', async () => {
    const { visitor, identity } = await signedIn(ada);
    const got = await visitor.identity();
    expect(got).toEqual(identity);
    expect(verifyIdentifierHash(inbox.hmacToken, String(got?.identifier), String(got?.identifier_hash))).toBe(
      true,
    );
  });

  it('returns the right identity to two users at the same time', async () => {
    const [first, second] = await Promise.all([signedIn(ada), signedIn(bob)]);
    expect(first.identity.identifier).not.toBe(second.identity.identifier);
    const turns = Array.from({ length: 10 }, async () => [
      await first.visitor.identity(),
      await second.visitor.identity(),
    ]);
    for (const got of await Promise.all(turns)) expect(got).toEqual([first.identity, second.identity]);
  });

  it('ignores user ids in the query string', async () => {
    const { visitor, identity } = await signedIn(ada);
    expect(await visitor.identity(`?identifier=${bob.id}&sub=${bob.id}&user=${bob.id}`)).toEqual(identity);
  });

  it('returns no identity for modified cookies or tokens', async () => {
    const { visitor, identity } = await signedIn(ada);
    expect(await visitor.copy().identity(), 'unchanged').toEqual(identity);
    expect(await visitor.forged().identity()).toBeNull();
  });

  it('returns no identity after a logout', async () => {
    const { visitor, identity } = await signedIn(ada);
    expect(await visitor.identity()).toEqual(identity);
    await recipe.signOut(visitor);
    expect(await visitor.identity()).toBeNull();
  });
});
