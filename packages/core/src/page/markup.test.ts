import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestOf, inertJson, renderMarkup } from './markup.js';

test('inertJson returns ASCII that cannot close a script element and parses to the same value', () => {
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

const data = {
  base_url: 'https://c.example',
  website_token: 't',
  identity_url: '/chatwoot/identity',
  anonymous: 'show' as const,
};
const PRELOAD = '<link rel="preload" as="script" href="https://c.example/packs/js/sdk.js">';

test('renderMarkup returns the preload, the JSON block and the script tag, with an escaped script URL', () => {
  expect(renderMarkup(data, { scriptUrl: '/chatwoot/widget-1.js' })).toBe(
    `${PRELOAD}<script type="application/json" id="chatwoot-identity">${JSON.stringify(data)}</script>` +
      '<script src="/chatwoot/widget-1.js" defer></script>',
  );
  expect(renderMarkup(data, { scriptUrl: '/"><script>' })).toContain('src="/&#34;&#62;&#60;script&#62;"');
});

test('renderMarkup adds the nonce to each tag', () => {
  const markup = renderMarkup(data, { scriptUrl: '/chatwoot/widget-1.js', nonce: 'abc' });
  expect(markup.match(/ nonce="abc"/g)).toHaveLength(3);
});

test('renderMarkup omits the preload of the SDK if the visitor gets no chat', () => {
  const hidden = { ...data, anonymous: 'hide' as const };
  const render = (more: object) => renderMarkup({ ...hidden, ...more }, { scriptUrl: '/w.js' });
  expect(render({})).not.toContain('preload');
  expect(render({ identity: null })).not.toContain('preload');
  expect(render({ identity: { identifier: 'user-1', identifier_hash: '' } })).toContain(PRELOAD);
});

test('digestOf returns different digests for different markup', () => {
  expect(digestOf('a')).toMatch(/^[0-9a-f]{8}$/);
  expect(digestOf('a')).not.toBe(digestOf('b'));
});
