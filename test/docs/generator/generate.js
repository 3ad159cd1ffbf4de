// Writes docs/api and the tables of docs/configuration.md. `npm run docs` runs this file.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderTables } from './options.js';
import { readApi, renderPages, repository } from './reference.js';

const api = await readApi();
const pages = await renderPages(api);
const configuration = join(repository, 'docs/configuration.md');
const text = renderTables(await readFile(configuration, 'utf8'), api.project);

await rm(join(repository, 'docs/api'), { recursive: true, force: true });
await mkdir(join(repository, 'docs/api'));
for (const [path, page] of pages) await writeFile(join(repository, path), page);
await writeFile(configuration, text);
