import { readFileSync } from 'node:fs';
import { root } from './references.js';

/** Returns the code blocks of a language in a document, in order. */
export function codeBlocks(document: string, language: string): string[] {
  const text = readFileSync(new URL(document, root), 'utf8');
  const found = text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'));
  return Array.from(found, ([, code]) => code!);
}

/** Imports the code of a block as a module. */
export function importCode<Exports>(code: string): Promise<Exports> {
  const address = `data:text/javascript,${encodeURIComponent(code)}`;
  return import(/* @vite-ignore */ address);
}
