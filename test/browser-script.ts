import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vitest/config';
import { bundle } from '../packages/browser/bundle.js';

const NAME = '@chatwoot-identity/browser/script';
const ID = `\0${NAME}`;

/** Builds the page's script from source where a test imports it. It has no `source` condition: it is a bundle. */
export function browserScript(): Plugin {
  return {
    name: 'browser-script',
    enforce: 'pre',
    resolveId: (id) => (id === NAME ? ID : undefined),
    load: (id) =>
      id === ID
        ? bundle(fileURLToPath(new URL('../packages/browser/src/page.ts', import.meta.url)))
        : undefined,
  };
}
