import { createChatwootIdentity, logoutCookies, type RequestLike } from '@chatwoot-identity/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ADA } from '../support/ada.js';
import { INBOX } from '../support/inbox.js';
import { always, hostileText } from './always.js';

const ALLOWED = 'https://shop.example.com';
const chatwoot = createChatwootIdentity({ inbox: INBOX, allowedOrigins: [ALLOWED] });

const site = fc.oneof(
  fc.constantFrom('same-origin', 'same-site', 'none', 'cross-site', 'CROSS-SITE', 'Same-Origin', '', ' none'),
  hostileText,
);
const origin = fc.oneof(
  fc.constantFrom(ALLOWED, 'null', 'https://evil.example', `${ALLOWED}.evil.example`, `${ALLOWED}/`),
  fc.constantFrom('https://SHOP.example.com', 'http://shop.example.com', `${ALLOWED}, https://evil.example`),
  hostileText,
);
const once = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const repeated = (value: fc.Arbitrary<string>) =>
  fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 3 }));
const methods = fc.constantFrom('GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'get', 'TRACE', '', undefined);

test('respond() returns an identity only to the same site and to allowed origins, for any headers', async () => {
  await always(
    25_000,
    fc.asyncProperty(
      methods,
      once(repeated(site)),
      once(repeated(origin)),
      fc.dictionary(fc.oneof(hostileText, fc.constantFrom('get', 'cookie', 'authorization')), hostileText),
      async (method, fetchSite, from, others) => {
        const headers: Record<string, string | string[] | undefined> = {
          ...others,
          'sec-fetch-site': fetchSite,
          origin: from,
        };
        const request = { headers, ...(method !== undefined && { method }) } as RequestLike;
        const reply = await chatwoot.respond(request, () => ADA);
        const joined = (value: string | string[] | undefined) =>
          Array.isArray(value) ? value.join(', ') : value;
        const allowed = joined(from) === ALLOWED;
        const here =
          fetchSite === undefined || ['same-origin', 'same-site', 'none'].includes(joined(fetchSite)!);
        const reads = method === undefined || method === 'GET' || method === 'HEAD';
        expect(reply.status === 200).toBe(reads && (here || allowed));
        expect(reply.body.includes('identifier_hash')).toBe(reply.status === 200 && method !== 'HEAD');
        expect(reply.headers['Access-Control-Allow-Origin']).toBe(allowed ? ALLOWED : undefined);
        expect(reply.headers['Cache-Control']).toBe('private, no-store');
        for (const value of Object.values(reply.headers)) expect(value).toMatch(/^[ -~]+$/);
        expect(JSON.stringify(reply)).not.toContain(INBOX.hmacToken);
      },
    ),
  );
});

const cookies = fc
  .array(
    fc.oneof(
      hostileText,
      hostileText.map((text) => `cw_user_${text}=1`),
      fc.constantFrom('cw_user_a=1', 'cw_conversation=x'),
    ),
  )
  .map((pairs) => pairs.join('; '));
const hosts = fc.oneof(
  fc.domain(),
  hostileText,
  fc
    .array(fc.constantFrom('a', 'b-c', 'example', 'com', '', ' ', '127', '[::1]', 'x;y'), { maxLength: 130 })
    .map((labels) => labels.join('.')),
);
const EXPIRED =
  /^(cw_conversation|cw_user_[\w-]+)=;(?: Domain=[a-z\d.-]+;)? Path=\/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; SameSite=Lax$/i;

test('logoutCookies() only expires cookies of the chat', () => {
  always(
    20_000,
    fc.property(repeated(cookies), hosts, (cookie, hostname) => {
      const lines = logoutCookies({ headers: { cookie: cookie as string | string[] } }, hostname);
      expect(lines.length).toBeLessThanOrEqual(54);
      for (const line of lines) expect(line).toMatch(EXPIRED);
    }),
  );
});
