import { expect, test } from 'vitest';
import { mayEmbedIdentity } from './embedding.js';

const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
const accept = 'text/html,*/*';

test.each<[string, { method?: string; headers: Record<string, string> }, boolean]>([
  ['a top-level navigation', { headers: navigation }, true],
  [
    'a form submission',
    { method: 'POST', headers: { ...navigation, origin: 'https://shop.example.com' } },
    true,
  ],
  ['an iframe', { headers: { ...navigation, 'sec-fetch-dest': 'iframe' } }, false],
  ['a fetch()', { headers: { accept, 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' } }, false],
  [
    'a request with Sec-Fetch-Mode but without Sec-Fetch-Dest',
    { headers: { accept, 'sec-fetch-mode': 'navigate' } },
    false,
  ],
  ['a prefetch', { headers: { ...navigation, 'sec-purpose': 'prefetch' } }, false],
  ['a prerender', { headers: { ...navigation, 'sec-purpose': 'prefetch;prerender' } }, false],
  ['a prefetch in an old browser', { headers: { accept, purpose: 'prefetch' } }, false],
  ['a navigation in an old browser', { headers: { accept } }, true],
  [
    'a fetch() by another site in an old browser',
    { headers: { accept, origin: 'https://evil.example' } },
    false,
  ],
  ['a request that accepts any type', { headers: { accept: '*/*' } }, false],
  ['a form submission in an old browser', { method: 'POST', headers: { accept } }, false],
  ['a request without any of these headers', { headers: {} }, false],
])('for %s (%j), mayEmbedIdentity returns %j', (_name, request, embeds) => {
  expect(mayEmbedIdentity(request)).toBe(embeds);
});
