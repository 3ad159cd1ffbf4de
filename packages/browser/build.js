// Bundles the page's script and writes it as a module for servers: `source`, and `hash` for its address.
import { writeFile } from 'node:fs/promises';
import { bundle } from './bundle.js';

const { source, hash } = await bundle('dist/page.js');

await writeFile(
  'dist/script.js',
  `export const source = ${JSON.stringify(source)};\nexport const hash = '${hash}';\n`,
);
await writeFile(
  'dist/script.d.ts',
  `/** The script for the page: JavaScript, ASCII only. */
export declare const source: string;
/** A short hash of the source, for an address that can be cached for ever. */
export declare const hash: string;
`,
);
