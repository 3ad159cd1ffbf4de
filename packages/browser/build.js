// Writes the page's script as `@chatwoot-identity/browser/script`.
import { writeFile } from 'node:fs/promises';
import { bundle } from './bundle.js';

await writeFile('dist/script.js', await bundle('dist/page.js'));
await writeFile(
  'dist/script.d.ts',
  `/** The script for the page: JavaScript, ASCII only. */
export declare const source: string;
/** A short hash of the source, for an address that can be cached for ever. */
export declare const hash: string;
`,
);
