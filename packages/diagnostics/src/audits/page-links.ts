import type { PageFile } from './page-file.js';

/** A file that a page or a script refers to. */
export interface Link {
  readonly kind: 'script' | 'source map';
  readonly url: URL;
  /** Whether the address was found by a search of a script's text, and may be part of a comment or a message. */
  readonly isGuess?: boolean;
}

/** Returns the scripts that an HTML document loads or preloads. */
export function scriptsOf({ kind, text }: PageFile, page: URL): Link[] {
  if (kind !== 'page') return [];
  const baseTag = /<base\s[^<>]{0,1000}/i.exec(text)?.[0];
  const base = resolved(baseTag && attributeOf(baseTag, 'href'), page) ?? page;
  const tags = text.match(/<(?:script|link)\s[^<>]{1,4000}/gi) ?? [];
  return tags.flatMap((tag) => {
    const isLink = /^<link/i.test(tag);
    if (isLink && !/\bmodulepreload\b|\bas=["']?script\b/i.test(tag)) return [];
    return links('script', attributeOf(tag, isLink ? 'href' : 'src'), base);
  });
}

/** Returns the modules that a script imports by a relative or absolute path. */
export function importsOf({ text }: PageFile, base: URL): Link[] {
  const imports = text.matchAll(
    /\b(?:import|from)\s{0,100}(?:\(\s{0,100})?["']((?:\.{1,2})?\/[^"'\s]{1,500})["']/g,
  );
  const found = Array.from(imports).flatMap(([, path]) => links('script', path, base));
  return found.map((link) => ({ ...link, isGuess: true }));
}

/** Returns the source map of a script, which is a separate file or data in the script itself. */
export function sourceMapOf(script: PageFile, base: URL): { linked: Link[]; inline?: PageFile } {
  const { headers, text } = script;
  const comments = text.matchAll(/\/[/*][#@]\s*sourceMappingURL=([^\s*]+)/g);
  const address = headers.get('sourcemap') ?? headers.get('x-sourcemap') ?? Array.from(comments).at(-1)?.[1];
  const [, encoding, data] = /^data:application\/json[^,]*?(;base64)?,(.*)$/s.exec(address ?? '') ?? [];
  if (data === undefined) return { linked: links('source map', address, base) };
  const map = encoding ? Buffer.from(data, 'base64').toString() : data;
  return {
    linked: [],
    inline: { ...script, kind: 'source map', name: `the source map in ${script.name}`, text: map },
  };
}

function links(kind: Link['kind'], address: string | undefined, base: URL): Link[] {
  const url = resolved(address, base);
  return url && /^https?:$/.test(url.protocol) ? [{ kind, url }] : [];
}

function resolved(address: string | undefined, base: URL): URL | undefined {
  if (!address || !URL.canParse(address, base.href)) return undefined;
  const url = new URL(address, base);
  url.hash = '';
  return url;
}

/** Returns the value of an attribute, with or without quotes. */
function attributeOf(tag: string, name: string): string | undefined {
  const [, double, single, bare] =
    new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(tag) ?? [];
  return (double ?? single ?? bare)?.replaceAll('&amp;', '&');
}
