// @ts-check

/** A typical paragraph of a page, with markup, and with text that is not only ASCII. */
const PARAGRAPH =
  '<section class="card"><h2>Gr\u00fc\u00dfe aus K\u00f6ln</h2><p>A page is made of sentences, <a href="/read?more=1&amp;page=2">links</a> and ' +
  'a little <em>emphasis</em>; most of it is plain ASCII, but not all: na\u00efve caf\u00e9s, \u65e5\u672c\u8a9e, \u2014 and so on.</p></section>\n';
const HEAD =
  '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Page</title></head>\n<body>\n';
export const ENDING = '</body>\n</html>\n';

export const SIZES = { '2 KB': 2_000, '20 KB': 20_000, '200 KB': 200_000, '2 MB': 2_000_000 };

/** The pieces that a slow page writes one after the other, before the closing tags. */
export const PIECES = [HEAD, '<nav></nav>\n', '<p>one</p></div>', '<p>two</p>', '</section></main>\n'];

/**
 * Creates a page without the closing tags.
 *
 * @param {number} bytes the approximate length
 */
export function pageOf(bytes) {
  const paragraphs = Math.round((bytes - HEAD.length - ENDING.length) / Buffer.byteLength(PARAGRAPH));
  // Flattens the string, because template engines that join their parts also return flat strings.
  return Buffer.from(HEAD + PARAGRAPH.repeat(paragraphs)).toString();
}

/**
 * @param {Buffer} bytes
 * @param {number} size
 */
export function chunksOf(bytes, size = 16 * 1024) {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}
