// Bundles the page's script and writes it as a module for servers: `source`, and `hash` for its address.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const { outputFiles } = await build({
  entryPoints: ['dist/page.js'],
  bundle: true,
  format: 'iife',
  minify: true,
  target: 'es2022',
  write: false,
  mangleProps: /^(owner|holder|alive|begin|sharer|claim|reject|forget|veil|identify)$/, // of Session and Widget alone
  tsconfigRaw: '{}', // no "use strict": nothing here behaves otherwise without it
});
const source = outputFiles[0].text.trim();
const hash = createHash('sha256').update(source).digest('hex').slice(0, 12);

const types = `/** The script for the page: JavaScript, ASCII only. */
export declare const source: string;
/** A short hash of the source, for an address that can be cached for ever. */
export declare const hash: string;
`;
const values = { source: JSON.stringify(source), hash: `'${hash}'` };
const write = (statement) => Object.entries(values).map(statement).join('');

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
