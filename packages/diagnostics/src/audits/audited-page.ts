import { problemWithHmacToken } from '@chatwoot-identity/core/internal';
import { NotJudged } from './audit.js';
import { type Answer, probe } from './probe.js';

/** The address of a page, and the secrets that the audits may use. */
export interface PageAuditOptions {
  /** The address of a page with the chat, for example `http://localhost:3000/account`. */
  url: string | URL;
  /**
   * Request headers that carry a signed-in session, for example `{ cookie: 'connect.sid=...' }`.
   * Without them, the page is read as an anonymous visitor only.
   */
  session?: Readonly<Record<string, string>> | undefined;
  /** The HMAC token of the inbox. Without it, the audits look for the usual names of tokens and hashes only. */
  hmacToken?: string | undefined;
  /**
   * How long each answer may take, in milliseconds.
   * @default 10000
   */
  timeout?: number | undefined;
}

/** A document, a script or a source map of the page. */
export interface PageFile {
  readonly kind: 'page' | 'RSC payload' | 'script' | 'source map';
  /** For example `the script /app.js`. */
  readonly name: string;
  readonly headers: Headers;
  readonly text: string;
}

/** Everything that was read, and the reasons why the rest was not. */
export interface PageFiles {
  readonly files: readonly PageFile[];
  readonly unread: readonly string[];
}

// A page must not keep the audits busy without end.
const MOST_FILES = 60;
const LONGEST_FILE = 8 * 1024 * 1024;
const MOST_BYTES = 32 * 1024 * 1024;
const MOST_MILLISECONDS = 60_000;

/** The page under audit. It is read once for all audits. */
export class AuditedPage {
  readonly url: URL;
  readonly hmacToken: string;
  readonly #session: Readonly<Record<string, string>> | undefined;
  readonly #timeout: number;
  #files: Promise<PageFiles> | undefined;

  constructor({ url, session, hmacToken = '', timeout = 10_000 }: PageAuditOptions) {
    if (!URL.canParse(String(url)) || !/^https?:$/.test(new URL(url).protocol))
      throw new TypeError(
        'url must be the http(s) address of the page, for example "http://localhost:3000/".',
      );
    const problem = hmacToken && problemWithHmacToken('hmacToken', hmacToken);
    if (problem) throw new TypeError(problem);
    this.url = new URL(url);
    this.hmacToken = hmacToken;
    this.#session = session;
    this.#timeout = timeout;
  }

  /** The page as an anonymous visitor and as the signed-in user gets it, its same-origin scripts and their source maps. */
  read(): Promise<PageFiles> {
    this.#files ??= this.#read();
    return this.#files;
  }

  async #read(): Promise<PageFiles> {
    const files = await this.#documents();
    if (files.length === 0)
      throw new NotJudged(
        'The page is not an HTML document with status 200. Give its final address, or a session.',
      );
    const unread: string[] = [];
    const seen = new Set<string>();
    const waiting = files.flatMap((file) => scriptsOf(file, this.url));
    const deadline = Date.now() + MOST_MILLISECONDS;
    let bytes = 0;
    for (const link of waiting) {
      if (link.url.origin !== this.url.origin || seen.has(link.url.href)) continue;
      seen.add(link.url.href);
      if (seen.size > MOST_FILES || bytes > MOST_BYTES || Date.now() > deadline) {
        unread.push(`${nameOf(link)} is over the limit of ${MOST_FILES} files, 32 MB or a minute`);
        continue;
      }
      try {
        const { status, headers, text } = await this.#get(link.url);
        if (status !== 200) {
          unread.push(`${nameOf(link)} is answered ${status}`);
          continue;
        }
        bytes += text.length;
        const file = { kind: link.kind, name: nameOf(link), headers, text };
        files.push(file);
        if (link.kind === 'script') {
          const { linked, inline } = sourceMapOf(file, link.url);
          if (inline) files.push(inline);
          waiting.push(...linked, ...importsOf(file, link.url));
        }
      } catch (error) {
        unread.push(`${nameOf(link)} cannot be read: ${(error as Error).message.replace(/\.$/, '')}`);
      }
    }
    return { files, unread };
  }

  /** The page is asked for as browsers do: some apps answer other requests with another page. */
  async #documents(): Promise<PageFile[]> {
    const files: PageFile[] = [];
    for (const session of [{}, ...(this.#session ? [this.#session] : [])]) {
      const visitor = session === this.#session ? 'a signed-in user' : 'an anonymous visitor';
      const answer = await this.#get(this.url, { accept: 'text/html,*/*;q=0.8', ...session });
      if (answer.status !== 200 || !isHtml(answer)) continue;
      files.push({ ...answer, kind: 'page', name: `the page for ${visitor}` });
      if (!/__next_f|\/_next\//.test(answer.text)) continue;
      const payload = await this.#get(this.url, { rsc: '1', ...session });
      if (/text\/x-component/.test(payload.headers.get('content-type') ?? ''))
        files.push({ ...payload, kind: 'RSC payload', name: `the RSC payload for ${visitor}` });
    }
    return files;
  }

  #get(url: URL, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return probe(url, { headers, timeout: this.#timeout, longest: LONGEST_FILE });
  }
}

interface Link {
  readonly kind: 'script' | 'source map';
  readonly url: URL;
}

function nameOf({ kind, url }: Link): string {
  return `the ${kind} ${url.pathname}`;
}

function isHtml({ headers }: Answer): boolean {
  return /^(text\/html|application\/xhtml\+xml)\b/i.test(headers.get('content-type') ?? '');
}

/** The scripts that an HTML document loads or preloads. */
function scriptsOf({ kind, text }: PageFile, page: URL): Link[] {
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

/** The modules that a script imports by a relative or absolute path. */
function importsOf({ text }: PageFile, base: URL): Link[] {
  const imports = text.matchAll(/\b(?:import|from)\s*\(?\s*["']((?:\.{1,2})?\/[^"'\s]{1,500})["']/g);
  return Array.from(imports).flatMap(([, path]) => links('script', path, base));
}

/** The source map of a script: a file, or data in the script itself. */
function sourceMapOf(script: PageFile, base: URL): { linked: Link[]; inline?: PageFile } {
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

/** The value of an attribute, quoted or not. */
function attributeOf(tag: string, name: string): string | undefined {
  const [, double, single, bare] =
    new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(tag) ?? [];
  return (double ?? single ?? bare)?.replaceAll('&amp;', '&');
}
