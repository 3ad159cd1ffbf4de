// Bundles the page script and writes it as a module for servers, which exports `source` and `hash`.
import { writeFile } from 'node:fs/promises';
import { bundle } from './bundle.js';

const { source, hash } = await bundle('dist/page.js');
const values = { source: JSON.stringify(source), hash: `'${hash}'` };
const write = (statement) => Object.entries(values).map(statement).join('');

const types = `/** The JavaScript of the page script, as ASCII text. */
export declare const source: string;
/** A short hash of the script. A response whose URL contains this hash can be cached forever. */
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
