import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vitest/config';
import { bundle } from '../../packages/browser/bundle.js';

const NAME = '@chatwoot-identity/browser/script';
const ID = `\0${NAME}`;
const page = fileURLToPath(new URL('../../packages/browser/src/page.ts', import.meta.url));

/**
 * Bundles the page script from its source when a test imports it. Without this plugin, tests would use the
 * bundle of the last build, because the bundle has no file for the condition `source`.
 */
export function browserScript(): Plugin {
  return {
    name: 'browser-script',
    enforce: 'pre',
    resolveId: (id) => (id === NAME ? ID : undefined),
    async load(id) {
      if (id !== ID) return;
      const { source, hash } = await bundle(page);
      return `export const source = ${JSON.stringify(source)}; export const hash = '${hash}';`;
    },
  };
}
