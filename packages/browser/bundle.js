import { createHash } from 'node:crypto';
import { build } from 'esbuild';

/**
 * Bundles the page script.
 *
 * @param {string} entry the path of the `page` module
 * @returns {Promise<{ source: string, hash: string }>} the script, and a short hash of the script for its URL
 */
export async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'iife',
    minify: true,
    target: 'es2022',
    write: false,
    tsconfigRaw: '{}', // omits "use strict", which makes no difference here
  });
  const source = outputFiles[0].text.trim();
  const hash = createHash('sha256').update(source).digest('hex').slice(0, 12);
  return { source, hash };
}
