// Bundles the page script, and writes a module that exports the script to servers (`source` and `hash`).
import { writeFile } from 'node:fs/promises';
import { bundle } from './bundle.js';

const { source, hash } = await bundle('dist/page.js');
const values = { source: JSON.stringify(source), hash: `'${hash}'` };
const write = (statement) => Object.entries(values).map(statement).join('');

const types = `/** The JavaScript of the page script, as ASCII text. */
export declare const source: string;
/** A short hash of the script. A response can be cached forever if its URL contains this hash. */
export declare const hash: string;
`;

await writeFile(
  'dist/script.js',
  write(([name, value]) => `export const ${name} = ${value};\n`),
);
await writeFile('dist/script.d.ts', types);
await writeFile(
  'dist-cjs/script.js',
  write(([name, value]) => `exports.${name} = ${value};\n`),
);
await writeFile('dist-cjs/script.d.ts', types);
