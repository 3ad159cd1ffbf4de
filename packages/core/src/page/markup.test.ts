import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inertJson, markup } from './markup.js';
import { findNonce } from './nonce.js';

test('JSON in a page is ASCII, cannot end its element, and reads back the same', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('</script>', '<!--', '\u2028', "O'Brien & Co")),
      (name) => {
        const json = inertJson({ name });
        expect(json).toMatch(/^[ -~]*$/);
        expect(json).not.toMatch(/[<>&]/);
        expect(JSON.parse(json)).toEqual({ name });
      },
    ),
  );
});

test('the tags', () => {
  const data = {
    base_url: 'https://c.example',
    website_token: 't',
    identity: null,
    identity_url: '/chatwoot/identity',
    anonymous: 'show' as const,
  };
  expect(markup(data, { scriptUrl: '/chatwoot/widget-1.js', nonce: 'abc' })).toBe(
    `<script type="application/json" id="chatwoot-identity" nonce="abc">${JSON.stringify(data)}</script>` +
      '<script src="/chatwoot/widget-1.js" defer nonce="abc"></script>',
  );
  expect(markup(data, { scriptUrl: '/"><script>' })).toContain('src="/&#34;&#62;&#60;script&#62;"');
});

test.each([
  [[undefined, 'first'], undefined, 'first'],
  [['', 'a b', 'second'], undefined, 'second'],
  [[], "default-src 'self'; script-src 'self' 'nonce-abc+/='", 'abc+/='],
  [[], "script-src 'self'; style-src 'nonce-style'", undefined],
  [[], "Default-Src 'nonce-base64url_-'", 'base64url_-'],
  [['"><script>'], "script-src 'nonce-\"><script>'", undefined],
])('the nonce of %j and %j is %j', (named, policy, nonce) => {
  expect(findNonce(named, policy)).toBe(nonce);
});
