import { problemWithHmacToken } from '@chatwoot-identity/core/internal';
import { NotJudged } from './audit.js';
import type { PageFile } from './page-file.js';
import { importsOf, type Link, scriptsOf, sourceMapOf } from './page-links.js';
import { type Answer, probe } from './probe.js';

/** The address of a page, and the secrets that the audits may use. */
export interface PageAuditOptions {
  /** The address of a page with the chat, for example `http://localhost:3000/account`. */
  url: string | URL;
  /**
   * Request headers of a signed-in session, for example `{ cookie: 'connect.sid=...' }`. Without a session, the
   * audits request the page as an anonymous visitor only.
   */
  session?: Readonly<Record<string, string>> | undefined;
  /**
   * The HMAC token of the inbox. Without the token, the audits search only for the usual names of tokens and
   * hashes.
   */
  hmacToken?: string | undefined;
  /**
   * The time limit for each response, in milliseconds.
   * @default 10000
   */
  timeout?: number | undefined;
}

/** The files that the audits read, and the reasons why other files could not be read. */
export interface PageFiles {
  readonly files: readonly PageFile[];
  readonly unread: readonly string[];
}

// The audits do not read files beyond these limits, so that a very large page does not take too long.
const MOST_FILES = 60;
const LONGEST_FILE = 8 * 1024 * 1024;
const MOST_BYTES = 32 * 1024 * 1024;
const MOST_MILLISECONDS = 60_000;

/** The page under audit. The files of the page are read once and shared by all audits. */
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

  /**
   * Reads the page as an anonymous visitor and as the signed-in user. Also reads the page's same-origin scripts
   * and their source maps.
   */
  read(): Promise<PageFiles> {
    this.#files ??= this.#read();
    return this.#files;
  }

  async #read(): Promise<PageFiles> {
    const files = await this.#documents();
    if (files.length === 0)
      throw new NotJudged(
        'The page is not an HTML document with status 200. Pass the address after all redirects, or a session.',
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
        unread.push(`${nameOf(link)} exceeds the limit of ${MOST_FILES} files, 32 MB or a minute`);
        continue;
      }
      try {
        const { status, headers, text } = await this.#get(link.url);
        if (link.isGuess && status === 404) continue; // such as the example in a comment of React
        if (status !== 200) {
          unread.push(`${nameOf(link)} has status ${status}`);
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
        unread.push(`${nameOf(link)} could not be read: ${(error as Error).message.replace(/\.$/, '')}`);
      }
    }
    return { files, unread };
  }

  /**
   * Requests the page with the headers of a browser, because some apps send another page to other clients.
   */
  async #documents(): Promise<PageFile[]> {
    const files: PageFile[] = [];
    for (const session of [{}, ...(this.#session ? [this.#session] : [])]) {
      const visitor = session === this.#session ? 'a signed-in user' : 'an anonymous visitor';
      const answer = await this.#get(this.url, { accept: 'text/html,*/*;q=0.8', ...session });
      if (answer.status !== 200 || !isHtml(answer)) continue;
      files.push({ ...answer, kind: 'page', name: `the page for ${visitor}` });
      if (!/__next_f|\/_next\//.test(answer.text)) continue;
      const address = new URL(this.url);
      address.searchParams.set('_rsc', ''); // Next.js 16 redirects a request without it
      const payload = await this.#get(address, { rsc: '1', ...session });
      if (/text\/x-component/.test(payload.headers.get('content-type') ?? ''))
        files.push({ ...payload, kind: 'RSC payload', name: `the RSC payload for ${visitor}` });
    }
    return files;
  }

  #get(url: URL, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return probe(url, { headers, timeout: this.#timeout, longest: LONGEST_FILE });
  }
}

function nameOf({ kind, url }: Link): string {
  return `the ${kind} ${url.pathname}`;
}

function isHtml({ headers }: Answer): boolean {
  return /^(text\/html|application\/xhtml\+xml)\b/i.test(headers.get('content-type') ?? '');
}
