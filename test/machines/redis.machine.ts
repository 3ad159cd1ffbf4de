import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Visitor } from '../sessions/visitor.js';
import type { Running } from '../support/http.js';
import { startBalancer } from './balancer.js';
import { CHATWOOT, type Machine, startMachine } from './machine.js';
import { Redis } from './redis.js';

describe.each(['express', 'koa'])('two processes of the %s example with one Redis', (example) => {
  let redis: Redis;
  let machines: Machine[];
  let balancer: Running;

  beforeAll(async () => {
    redis = await Redis.start();
    const env = { ...CHATWOOT, REDIS_URL: redis.url, SESSION_SECRET: 'the same in all processes' };
    machines = await Promise.all([startMachine(example, env), startMachine(example, env)]);
    balancer = await startBalancer(machines);
  });

  afterAll(async () => {
    await balancer?.close();
    await Promise.all([redis?.remove(), ...(machines ?? []).map((machine) => machine.kill())]);
  });

  afterEach(() => redis.thaw());

  async function signedIn(user: string): Promise<Visitor> {
    const visitor = new Visitor(balancer.url);
    expect((await visitor.post('/login', { user })).status).toBe(303);
    return visitor;
  }

  it('both accept a login and a logout at either process', async () => {
    const visitor = new Visitor(balancer.url);
    const seen: (string | null)[] = [];
    const ask = async (answer: Promise<Response>) => {
      const { status, headers } = await answer;
      seen.push(`${status} by ${headers.get('x-machine')}`);
    };
    await ask(visitor.post('/login', { user: 'user-1' }));
    expect(await visitor.identity()).toEqual(identityOf('user-1'));
    await ask(visitor.post('/logout'));
    await ask(visitor.get('/chatwoot/identity'));
    expect(seen).toEqual(['303 by 0', '303 by 0', '401 by 1']);
  });

  it("end the previous user's session after a login as another user, even for a copy of the session cookie", async () => {
    const visitor = await signedIn('user-1');
    const copy = visitor.copy();
    await visitor.post('/login', { user: 'user-2' });
    expect(await visitor.identity()).toEqual(identityOf('user-2'));
    expect(await copy.identity()).toBeNull();
  });

  /** Sends the request once to each machine. */
  async function both(ask: () => Promise<Response>): Promise<{ status: number; text: string }[]> {
    const answers = await Promise.all([ask(), ask()]);
    expect(answers.map(({ headers }) => headers.get('x-machine')).sort()).toEqual(['0', '1']);
    return Promise.all(answers.map(async (answer) => ({ status: answer.status, text: await answer.text() })));
  }

  /**
   * Expects no identity in the responses to a signed-in visitor while sessions cannot be read. The server
   * still sends the page, and the page script requests the identity from the endpoint.
   */
  async function expectNoIdentity(visitor: Visitor): Promise<void> {
    for (const { status, text } of await both(() => visitor.get('/chatwoot/identity'))) {
      expect(status).toBeGreaterThanOrEqual(500);
      expect(text).not.toMatch(/identifier|user-\d/);
    }
    for (const { status, text } of await both(() => visitor.get('/'))) {
      expect(status).toBe(200);
      expect(text).toMatch(/^<!doctype html>.*<\/html>\s*$/s);
      expect(text).not.toMatch(/identifier/);
    }
    for (const path of ['/login', '/logout']) {
      for (const { status } of await both(() => visitor.copy().post(path, { user: 'user-2' }))) {
        expect(status).toBeGreaterThanOrEqual(500);
      }
    }
    expect(await new Visitor(balancer.url).identity()).toBeNull();
  }

  const recovered = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 30_000, interval: 100 });

  it('serve pages without an identity and refuse identity requests while Redis is stopped, and recover', async () => {
    const visitor = await signedIn('user-1');
    await redis.stop();
    await expectNoIdentity(visitor);
    await redis.start();
    await recovered(async () => {
      // Redis was restarted without data, so every session is gone.
      for (const { status } of await both(() => visitor.get('/chatwoot/identity'))) expect(status).toBe(401);
    });
    expect(await (await signedIn('user-2')).identity()).toEqual(identityOf('user-2'));
  });

  it('serve pages without an identity and refuse identity requests while Redis hangs, and recover', async () => {
    const visitor = await signedIn('user-1');
    redis.freeze();
    await expectNoIdentity(visitor);
    redis.thaw();
    await recovered(async () => {
      for (const { text } of await both(() => visitor.get('/chatwoot/identity'))) {
        expect(JSON.parse(text)).toEqual(identityOf('user-1'));
      }
    });
  });

  // This test must be the last, because it leaves only one machine running.
  it('lose no request and mix up no users if one process is killed under load', async () => {
    const users = ['user-1', 'user-2', 'user-3'];
    const visitors = await Promise.all(users.map(signedIn));
    const answeredBy: string[] = [];
    let killed: Promise<void> | undefined;
    const browse = async (index: number) => {
      for (let round = 0; round < 15; round++) {
        const response = await visitors[index % 3]!.get('/chatwoot/identity');
        expect(response.status).toBe(200);
        expect(await response.json()).toEqual(identityOf(users[index % 3]!));
        answeredBy.push(response.headers.get('x-machine')!);
        if (answeredBy.length >= 30) killed ??= machines[0]!.kill();
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, index) => browse(index)));
    await killed;
    expect(answeredBy).toHaveLength(120);
    expect(answeredBy.filter((machine) => machine === '0').length).toBeGreaterThanOrEqual(10);
    expect(new Set(answeredBy.slice(-30))).toEqual(new Set(['1']));
  });
});

const identityOf = (user: string) =>
  expect.objectContaining({
    identifier: user,
    identifier_hash: createHmac('sha256', CHATWOOT.CHATWOOT_HMAC_TOKEN).update(user).digest('hex'),
  });
