import { expect, test } from 'vitest';
import { mayEmbedIdentity } from './embedding.js';

const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
const accept = 'text/html,*/*';

test.each<[string, { method?: string; headers: Record<string, string> }, boolean]>([
  ['a top-level navigation', { headers: navigation }, true],
  [
    'a submitted form',
    { method: 'POST', headers: { ...navigation, origin: 'https://shop.example.com' } },
    true,
  ],
  ['an iframe', { headers: { ...navigation, 'sec-fetch-dest': 'iframe' } }, false],
  ['a fetch()', { headers: { accept, 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' } }, false],
  ['a mode without a destination', { headers: { accept, 'sec-fetch-mode': 'navigate' } }, false],
  ['a prefetch', { headers: { ...navigation, 'sec-purpose': 'prefetch' } }, false],
  ['a prerender', { headers: { ...navigation, 'sec-purpose': 'prefetch;prerender' } }, false],
  ['an old prefetch', { headers: { accept, purpose: 'prefetch' } }, false],
  ['an old browser', { headers: { accept } }, true],
  ['an old browser, another site', { headers: { accept, origin: 'https://evil.example' } }, false],
  ['a client that accepts any type', { headers: { accept: '*/*' } }, false],
  ['an old browser that submits a form', { method: 'POST', headers: { accept } }, false],
  ['a client without any of these headers', { headers: {} }, false],
])('%s: whether %j may contain an identity: %j', (_name, request, embeds) => {
  expect(mayEmbedIdentity(request)).toBe(embeds);
});
