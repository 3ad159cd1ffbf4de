import { readFileSync } from 'node:fs';
import { ChatwootIdentityError, identifierHash, verifyIdentifierHash } from '@chatwoot-identity/core';
import { type Sandbox, startSandbox } from '@chatwoot-identity/sandbox';
import supertest from 'supertest';
import { describe, expect, it, vi } from 'vitest';

interface Vector {
  hmacToken: string;
  identifier: string;
  identifierHash: string;
}

/**
 * The vectors were computed with PHP, Ruby, Elixir, Go, Python and Node, which all returned the same hashes.
 */
const vectors: Vector[] = JSON.parse(readFileSync(new URL('./chatwoot-hmac.json', import.meta.url), 'utf8'));

/** The vectors that core refuses to sign, by the rule that refuses them. Core must sign all other vectors. */
const REFUSED: Record<string, (vector: Vector) => boolean> = {
  'white space around the token': ({ hmacToken }) => hmacToken === ' spaced token ',
  identifier_placeholder: ({ identifier }) => ['undefined', 'null', '[object Object]'].includes(identifier),
  identifier_malformed: ({ identifier }) => identifier === '\0nul',
  identifier_length: ({ identifier }) => [...identifier].length > 255,
};

const refusals = Object.entries(REFUSED).flatMap(([rule, applies]) =>
  vectors.filter(applies).map((vector) => [rule, vector] as const),
);
const accepted = vectors.filter((vector) => !Object.values(REFUSED).some((applies) => applies(vector)));
const tokens = new Set(accepted.map(({ hmacToken }) => hmacToken));

vi.spyOn(console, 'warn').mockImplementation(() => {}); // each sandbox prints a warning that it is for development

describe('the hash vectors from six languages', () => {
  it('contain the expected number of valid and refused vectors', () => {
    expect(vectors).toHaveLength(108);
    expect(refusals.map(([rule]) => rule)).toEqual([
      ...Array(6).fill('white space around the token'),
      ...Array(3).fill('identifier_placeholder'),
      'identifier_malformed',
      ...Array(2).fill('identifier_length'),
    ]);
    expect(accepted).toHaveLength(108 - 12);
  });

  it('equal the hashes that core computes', () => {
    for (const { hmacToken, identifier, identifierHash: hash } of accepted) {
      expect([identifier, identifierHash(hmacToken, identifier)]).toEqual([identifier, hash]);
      expect(verifyIdentifierHash(hmacToken, identifier, hash)).toBe(true);
      expect(verifyIdentifierHash(hmacToken, `${identifier}x`, hash)).toBe(false);
    }
  });

  it.each(refusals)('are refused by core because of %s', (rule, { hmacToken, identifier }) => {
    const sign = () => identifierHash(hmacToken, identifier);
    if (rule === 'white space around the token') {
      expect(sign).toThrow(TypeError);
      expect(sign).toThrow('white space');
    } else {
      expect(sign).toThrow(ChatwootIdentityError);
      expect(sign).toThrow(expect.objectContaining({ code: rule }));
    }
  });

  it.each([...tokens])('equal the hashes that the sandbox accepts for the token %s', async (hmacToken) => {
    const sandbox = await startSandbox({ hmacToken });
    try {
      for (const { identifier, identifierHash: hash } of accepted.filter(
        (vector) => vector.hmacToken === hmacToken,
      )) {
        expect([identifier, await setUser(sandbox, identifier, hash)]).toEqual([identifier, 200]);
        expect(sandbox.record.at(-1)).toMatchObject({ type: 'set_user', identifier, verified: true });
        expect([identifier, await createContact(sandbox, identifier, hash)]).toEqual([identifier, 200]);

        const forged = identifierHash(`${hmacToken}x`, identifier);
        expect([identifier, await setUser(sandbox, identifier, forged)]).toEqual([identifier, 401]);
        expect(sandbox.record.at(-1)).toMatchObject({ type: 'set_user', verified: false });
        expect([identifier, await createContact(sandbox, identifier, forged)]).toEqual([identifier, 500]);
      }
    } finally {
      await sandbox.close();
    }
  });
});

/**
 * Sends the request of the widget for `$chatwoot.setUser`, in a new session. Returns the status of the
 * response.
 */
async function setUser(
  { baseUrl, websiteToken }: Sandbox,
  identifier: string,
  hash: string,
): Promise<number> {
  const widget = await supertest(baseUrl).get('/widget').query({ website_token: websiteToken });
  const token = /"authToken":"([^"]+)"/.exec(widget.text)?.[1] ?? '';
  const { status } = await supertest(baseUrl)
    .patch('/api/v1/widget/contact/set_user')
    .query({ website_token: websiteToken })
    .set('X-Auth-Token', token)
    .send({ identifier, identifier_hash: hash, name: 'Ada' });
  return status;
}

/** Sends the identifier and the hash to the public client API. Returns the status of the response. */
async function createContact({ baseUrl, inboxIdentifier }: Sandbox, identifier: string, hash: string) {
  const { status } = await supertest(baseUrl)
    .post(`/public/api/v1/inboxes/${inboxIdentifier}/contacts`)
    .send({ identifier, identifier_hash: hash });
  return status;
}
