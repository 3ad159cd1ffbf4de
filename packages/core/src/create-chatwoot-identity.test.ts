import { createHmac, timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChatwootIdentityOptions, createChatwootIdentity } from './create-chatwoot-identity.js';
import { ChatwootIdentityError } from './error.js';
import type { Contact, ContactAnswer } from './identity/contact.js';
import type { Inbox } from './identity/inbox.js';

const HMAC_TOKEN = 'EPyYngFb62yBMWXaSCrUZoL9';
const inbox: Inbox = {
  hmacToken: HMAC_TOKEN,
  websiteToken: 'S7qSB2oFvtsTxvUmJrSLSdLr',
  baseUrl: 'https://chat.example.com',
};
const chatwoot = createChatwootIdentity({ inbox });
const request = { method: 'GET', headers: {} };

/**
 * Verifies a hash as Chatwoot's controllers do: `to_s`, a 64-byte block, the hex digest and a constant-time
 * comparison.
 */
function chatwootAccepts(params: { identifier: unknown; identifier_hash?: unknown }): boolean {
  const given = Buffer.from(String(params.identifier_hash ?? ''), 'utf8');
  const digest = createHmac('sha256', Buffer.from(HMAC_TOKEN, 'ascii'))
    .update(Buffer.from(String(params.identifier), 'utf8'))
    .digest();
  return given.length === 64 && timingSafeEqual(given, Buffer.from(digest.toString('hex')));
}

describe('identify', () => {
  it("returns the identifier, the hash and the profile under Chatwoot's names", async () => {
    const identity = await chatwoot.identify({
      identifier: 42,
      name: "O'Brien </script>",
      avatarUrl: 'https://example.com/42.png',
    });
    expect(identity).toEqual({
      identifier: '42',
      identifier_hash: createHmac('sha256', HMAC_TOKEN).update('42').digest('hex'),
      name: "O'Brien </script>",
      avatar_url: 'https://example.com/42.png',
    });
  });

  it.each([null, undefined, false, 0, ''] as ContactAnswer[])(
    'returns null if the contact is %j',
    async (answer) => {
      expect(await chatwoot.identify(answer)).toBeNull();
    },
  );

  it.each([
    ['no other field', {}, 'user-1'],
    ['a blank name', { name: ' ' }, 'user-1'],
    ['only a phone number, which does not satisfy setUser', { phoneNumber: '+12025550123' }, 'user-1'],
    ['an e-mail address', { email: 'ada@example.com' }, undefined],
    ['a picture', { avatarUrl: 'https://example.com/ada.png' }, undefined],
    ['a name', { name: 'Ada' }, 'Ada'],
  ])('adds a name only if setUser would otherwise throw (contact with %s)', async (_name, fields, name) => {
    expect((await chatwoot.identify({ identifier: 'user-1', ...fields }))?.name).toBe(name);
  });

  it.each([
    ['identifier_blank', { identifier: '' }],
    ['identifier_type', { identifier: undefined }],
    ['identifier_type', {}],
    ['contact_invalid', { identifier: 'user-1', identifier_hash: 'ab'.repeat(32) }],
    ['contact_invalid', { identifier: 'user-1', role: 'admin' }],
    ['contact_invalid', 'user-1'],
  ])('rejects with %s for the contact %j', async (code, contact) => {
    const error = await chatwoot.identify(contact as Contact).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ChatwootIdentityError);
    expect(error).toMatchObject({ code, status: 500, statusCode: 500, expose: false });
  });

  it("returns an identity that survives JSON and passes Chatwoot's verification, for any accepted identifier", async () => {
    const identifier = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
      fc.emailAddress(),
      fc.uuid(),
      fc.maxSafeInteger(),
      fc.bigInt(),
    );
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(identifier, fc.string({ unit: 'binary' }), async (value, name) => {
        const identity = await chatwoot.identify({ identifier: value, name }).catch((error: unknown) => {
          expect(error).toBeInstanceOf(ChatwootIdentityError);
        });
        fc.pre(Boolean(identity));
        accepted += 1;
        const received = JSON.parse(JSON.stringify(identity));
        expect(received.identifier).toBe(String(value));
        expect(received.name || received.email || received.avatar_url).toBeTruthy();
        expect(chatwootAccepts(received)).toBe(true);
        expect(chatwootAccepts({ ...received, identifier: `${received.identifier}x` })).toBe(false);
      }),
      { numRuns: 500 },
    );
    expect(accepted).toBeGreaterThanOrEqual(500);
  });

  it('rejects only with coded errors, for any input', async () => {
    const hostile = fc.oneof(
      fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withMap: true }),
      fc.record({ identifier: fc.anything({ withBigInt: true }), name: fc.anything() }),
      fc.record({ identifier: fc.string({ unit: 'binary' }), customAttributes: fc.anything() }),
    );
    await fc.assert(
      fc.asyncProperty(hostile, async (contact) => {
        try {
          const identity = await chatwoot.identify(contact as Contact);
          if (identity) expect(chatwootAccepts(identity)).toBe(true);
          else expect(contact).toBeFalsy();
        } catch (error) {
          expect(error).toBeInstanceOf(ChatwootIdentityError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('respond', () => {
  const ada: Contact = { identifier: 'user-1', name: 'Ada' };

  it('returns 200 with the same identity as identify', async () => {
    const { status, body } = await chatwoot.respond(request, ada);
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual(await chatwoot.identify(ada));
  });

  it('passes the request to a synchronous or asynchronous contact function', async () => {
    const asked: unknown[] = [];
    const contact = (from: unknown) => {
      asked.push(from);
      return ada;
    };
    expect((await chatwoot.respond(request, contact)).status).toBe(200);
    expect((await chatwoot.respond(request, async (from) => contact(from))).status).toBe(200);
    expect(asked).toEqual([request, request]);
  });

  it.each([
    ['a Node request', { method: 'GET', headers: { 'sec-fetch-site': 'cross-site' } }],
    [
      'a web Request',
      new Request('https://app.example.com', { headers: { 'sec-fetch-site': 'cross-site' } }),
    ],
    ['an object that contains only headers', { headers: new Headers({ 'Sec-Fetch-Site': 'cross-site' }) }],
  ])('reads the headers of %s', async (_name, crossSite) => {
    expect((await chatwoot.respond(crossSite, ada)).status).toBe(403);
  });

  it('calls neither contact nor inbox if the request is refused', async () => {
    const never = () => {
      throw new Error('called');
    };
    const careful = createChatwootIdentity({ inbox: never });
    expect((await careful.respond({ method: 'POST', headers: {} }, never)).status).toBe(405);
    const crossSite = { headers: { 'sec-fetch-site': 'cross-site' } };
    expect((await careful.respond(crossSite, never)).status).toBe(403);
  });

  it('does not call the inbox function for an anonymous visitor', async () => {
    const closed = createChatwootIdentity({
      inbox: () => {
        throw new Error('the vault is closed');
      },
    });
    expect((await closed.respond(request, null)).status).toBe(401);
    await expect(closed.respond(request, ada)).rejects.toThrow('the vault is closed');
  });

  it.each([
    ['returns a rejected promise', () => Promise.reject(new Error('no database'))],
    [
      'throws synchronously',
      () => {
        throw new Error('no database');
      },
    ],
  ])('rejects with the error of a contact function that %s', async (_name, contact) => {
    await expect(chatwoot.respond(request, contact)).rejects.toThrow('no database');
  });
});

describe('createChatwootIdentity', () => {
  it.each([
    [
      'missing options',
      undefined,
      'createChatwootIdentity takes an object with these options: inbox, allowedOrigins.',
    ],
    ['a misspelled option', { inbox, allowed_origins: [] }, 'Write "allowedOrigins".'],
    ['a missing inbox', {}, 'inbox must be { hmacToken, websiteToken, baseUrl }'],
    ['an empty HMAC token', { inbox: { ...inbox, hmacToken: '' } }, 'inbox.hmacToken is empty'],
    [
      'a website token that equals the HMAC token',
      { inbox: { ...inbox, websiteToken: HMAC_TOKEN } },
      'anyone could sign',
    ],
    ['a wildcard origin', { inbox, allowedOrigins: ['*'] }, 'is not an origin'],
  ])('throws at start-up for %s', (_name, options, problem) => {
    const call = () => createChatwootIdentity(options as ChatwootIdentityOptions);
    expect(call).toThrow(TypeError);
    expect(call).toThrow(problem);
    expect(call).not.toThrow(HMAC_TOKEN);
  });

  it('never reveals the HMAC token through inspection, JSON, responses or errors', async () => {
    const rotating = createChatwootIdentity({ inbox: () => ({ ...inbox, baseUrl: 'nowhere' }) });
    const shown = [
      chatwoot,
      chatwoot.identify,
      await chatwoot.identify({ identifier: 'user-1' }),
      await chatwoot.respond(request, { identifier: 'user-1' }),
      await chatwoot.respond({ method: 'POST', headers: {} }, null),
      await chatwoot.identify({ identifier: '' }).catch((error: unknown) => error),
      await rotating.identify({ identifier: 'user-1' }).catch((error: unknown) => error),
    ];
    for (const value of shown) {
      expect(inspect(value, { depth: null, showHidden: true, getters: true })).not.toContain(HMAC_TOKEN);
      expect(JSON.stringify(value) ?? '').not.toContain(HMAC_TOKEN);
      expect(String(value)).not.toContain(HMAC_TOKEN);
    }
  });
});
