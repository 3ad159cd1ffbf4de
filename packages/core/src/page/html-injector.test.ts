import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HtmlInjector, injectIntoText } from './html-injector.js';

const MARKUP = '<script>markup</script>';

/** Passes a page through an injector in the given chunks and returns the result. */
function through(pieces: readonly Buffer[]): string {
  const injector = new HtmlInjector();
  const out = pieces.map((piece) => Buffer.from(injector.push(piece)));
  return Buffer.concat([...out, injector.end(MARKUP)]).toString('latin1');
}

/** Splits a page at the given positions. */
function cut(page: Buffer, places: readonly number[]): Buffer[] {
  const edges = [0, ...places.map((place) => place % (page.length + 1)).sort((a, b) => a - b), page.length];
  return edges.slice(1).map((end, index) => page.subarray(edges[index], end));
}

const page = (text: string) => through([Buffer.from(text)]);

describe('HtmlInjector', () => {
  test.each([
    ['<!doctype html><p></body></html>', '<!doctype html><p>^</body></html>'],
    ['<!DOCTYPE html><P></BODY>\r\n</HTML>\r\n', '<!DOCTYPE html><P>^</BODY>\r\n</HTML>\r\n'],
    ['<html><p></body >\t</html\n> ', '<html><p>^</body >\t</html\n> '],
    ['<html><p></body>', '<html><p>^</body>'],
    ['<html><p></html>', '<html><p></html>^'],
    ['<html><p></body></html><!-- x -->', '<html><p></body></html><!-- x -->^'],
    ['<html><p></body></body></html>', '<html><p></body>^</body></html>'],
    ['<html><p></bod', '<html><p></bod^'],
    ['<html><p></body></bo', '<html><p></body></bo^'],
    ['<html><p></body><</body>', '<html><p></body><^</body>'],
    ['<!doctype html>', '<!doctype html>^'],
    [`<html></body>${' '.repeat(1015)}`, `<html></body>${' '.repeat(1015)}`.replace('</body>', '^</body>')],
    [`<html></body>${' '.repeat(1024)}`, `<html></body>${' '.repeat(1024)}^`],
  ])('inserts the markup into %j at the position of ^ in %j', (text, expected) => {
    expect(page(text)).toBe(expected.replace('^', MARKUP));
  });
});

describe('HtmlInjector', () => {
  test.each([
    '<!doctype html>',
    '<HTML>',
    '<html lang="en">',
    '\ufeff<html>',
    ' \n<!-- <p> --><!DocType html>',
    '<!--><html>',
    '<?xml version="1.0"?><html>',
  ])('recognises %j as a document', (text) => {
    expect(page(text)).toContain(MARKUP);
  });

  test.each([
    '',
    ' ',
    '<p>',
    'text',
    '<htmlx>',
    '<html',
    '<!doc',
    '<!-- no end <html>',
    '<body>',
    '&lt;html>',
    'x<html>',
    '<turbo-frame></body></html>',
    `${' '.repeat(5000)}<html>`,
  ])('does not recognise %j as a document', (text) => {
    expect(page(text)).toBe(Buffer.from(text).toString('latin1'));
  });
});

test('HtmlInjector holds back only bytes that could be the beginning of the closing tags', () => {
  const injector = new HtmlInjector();
  expect(injector.push(Buffer.from('<!doctype html><p>one</div>')).toString()).toBe(
    '<!doctype html><p>one</div>',
  );
  expect(injector.push(Buffer.from('<p></bo')).toString()).toBe('<p>');
  expect(injector.push(Buffer.from('ld></body>\n</h')).toString()).toBe('</bold>');
  expect(injector.push(Buffer.from('1>')).toString()).toBe('</body>\n</h1>');
});

test('HtmlInjector scans a prologue of 100,000 comments in linear time', () => {
  expect(page('<!---->'.repeat(100_000))).toBe('<!---->'.repeat(100_000));
});

/** Arbitrary text that consists mostly of strings that the injector recognises. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '<',
        '</',
        '</body',
        '</body>',
        '</BODY >',
        '</html>',
        '</html',
        '>',
        ' ',
        '\n',
        '<!--',
        '-->',
        'body',
        '/',
        '<!doctype html>',
        '<html>',
        '\u65e5',
        '\ufeff',
        '<?',
        'x',
      ),
      fc.string({ maxLength: 3 }),
    ),
    { maxLength: 25 },
  )
  .map((parts) => Buffer.from(parts.join('')));

test('HtmlInjector returns the same bytes for every division of a page into chunks', () => {
  fc.assert(
    fc.property(hostile, fc.boolean(), fc.array(fc.nat(), { maxLength: 12 }), (text, document, places) => {
      const body = document ? Buffer.concat([Buffer.from('<!doctype html>'), text]) : text;
      expect(through(cut(body, places))).toBe(through([body]));
    }),
    { numRuns: 5000 },
  );
});

test('HtmlInjector does not change any byte of the page around the markup', () => {
  fc.assert(
    fc.property(hostile, fc.array(fc.nat(), { maxLength: 12 }), (text, places) => {
      expect(through(cut(text, places)).replace(MARKUP, '')).toBe(text.toString('latin1'));
    }),
    { numRuns: 5000 },
  );
});

test('injectIntoText inserts the markup at the same position as HtmlInjector', () => {
  fc.assert(
    fc.property(hostile, fc.boolean(), (text, document) => {
      const body = document ? `<!doctype html>${text}` : text.toString();
      const injected = injectIntoText(body, MARKUP) ?? body;
      expect(Buffer.from(injected).toString('latin1')).toBe(through([Buffer.from(body)]));
    }),
    { numRuns: 5000 },
  );
});
