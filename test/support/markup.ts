/** A small HTML page. */
export const PLAIN =
  '<!doctype html><html lang="en"><head><title>T</title></head><body><h1>Hello</h1></body></html>\n';

const MARKUP =
  /(?:<link rel="preload" as="script" href="[^"]*"[^>]*>)?<script type="application\/json" id="chatwoot-identity"[^>]*>(.*?)<\/script><script src="[^"]*" defer[^>]*><\/script>/;

/**
 * Finds the injected markup in a page. Returns the data block, the position of the markup, and the page without
 * the markup.
 */
export function findMarkup(
  page: Buffer,
): { data: Record<string, unknown>; at: number; without: Buffer } | undefined {
  const text = page.toString('latin1');
  const found = MARKUP.exec(text);
  if (!found) return undefined;
  const without = Buffer.from(
    text.slice(0, found.index) + text.slice(found.index + found[0].length),
    'latin1',
  );
  return { data: JSON.parse(found[1]!), at: found.index, without };
}
