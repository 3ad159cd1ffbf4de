import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp as auth0Jwt } from './auth0-jwt.js';
import { createApp } from './impersonation.js';
import { createApp as betterAuth } from './impersonation-better-auth.js';
import { audience, startIssuer } from './issuer.js';
import { type Running, serve } from './server.js';
import { ada, bob, password } from './users.js';
import { Visitor } from './visitor.js';

describe('during impersonation,', () => {
  let app: Running;

  beforeAll(async () => {
    app = await serve(createApp);
  });
  afterAll(() => app.close());

  it('support staff are anonymous in the chat until they stop impersonating the customer', async () => {
    const staff = new Visitor(app.origin);
    await staff.post('/login', { email: bob.email, password });
    expect(await staff.identity()).toMatchObject({ identifier: bob.id });

    expect((await staff.post('/impersonate')).status).toBe(204);
    expect(await staff.identity()).toBeNull();

    await staff.post('/stop-impersonating');
    expect(await staff.identity()).toMatchObject({ identifier: bob.id });
  });

  it('support staff do not affect the chat of the customer', async () => {
    const [staff, customer] = [new Visitor(app.origin), new Visitor(app.origin)];
    await staff.post('/login', { email: bob.email, password });
    await customer.post('/login', { email: ada.email, password });
    await staff.post('/impersonate');
    expect(await customer.identity()).toMatchObject({ identifier: ada.id });
  });

  it('support staff are anonymous with better-auth until they stop impersonating the customer', async () => {
    const shop = await serve(betterAuth);
    const [customer, staff] = [new Visitor(shop.origin), new Visitor(shop.origin)];
    const ids: string[] = [];
    for (const [visitor, { name, email }] of [[customer, ada] as const, [staff, bob] as const]) {
      const response = await visitor.postJson('/api/auth/sign-up/email', { name, email, password });
      ids.push((await response.json()).user.id);
    }
    const [adaId, bobId] = ids;
    expect(await staff.identity()).toMatchObject({ identifier: bobId });

    const begun = await staff.postJson('/api/auth/admin/impersonate-user', { userId: adaId });
    expect((await begun.json()).user.id, 'better-auth returns the customer').toBe(adaId);
    expect(await staff.identity()).toBeNull();
    expect(await customer.identity()).toMatchObject({ identifier: adaId });

    await staff.postJson('/api/auth/admin/stop-impersonating', {});
    expect(await staff.identity()).toMatchObject({ identifier: bobId });
    await shop.close();
  });

  it('support staff are anonymous with a token that has an act claim (RFC 8693; Clerk, WorkOS)', async () => {
    const issuer = await startIssuer();
    const api = await serve(() => auth0Jwt(issuer.issuer, audience));
    const staff = new Visitor(api.origin);
    staff.token = await issuer.accessToken(ada, { act: { sub: bob.id } });
    expect(await staff.identity()).toBeNull();
    staff.token = await issuer.accessToken(ada);
    expect(await staff.identity()).toMatchObject({ identifier: ada.id });
    await Promise.all([issuer.close(), api.close()]);
  });
});
