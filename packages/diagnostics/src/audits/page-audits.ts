import { type Audit, type AuditDefinition, bind, demand, NotJudged } from './audit.js';
import { AuditedPage, type PageAuditOptions } from './audited-page.js';
import { allowsSharedCache, forbidsStoring } from './cache-headers.js';
import {
  containsHash,
  containsIdentityUrl,
  containsToken,
  passesHash,
  setUserCalls,
} from './page-contents.js';
import type { PageFile } from './page-file.js';

const definitions: readonly AuditDefinition<AuditedPage>[] = [
  {
    id: 'page-token',
    level: 'MUST',
    name: 'keep the HMAC token out of the page, its scripts, source maps and RSC payloads',
    fix: 'Rotate the token in Chatwoot, and sign on the server only: anyone with the token can impersonate every user.',
    needs: [],
    async run(page) {
      const reading = await everyFile(page, ({ name, text }) => {
        demand(!containsToken(text, page.hmacToken), `The HMAC token is in ${name}.`);
      });
      if (!page.hmacToken)
        throw new NotJudged(
          'The page contains no variable named like an HMAC token. To search for the value of the token, pass the token.',
        );
      demandAllRead(reading);
    },
  },
  {
    id: 'page-cache',
    level: 'MUST',
    name: 'contain a hash only if no cache may store the page (Cache-Control: no-store)',
    fix: 'Send Cache-Control: private, no-store with pages that contain a hash, or let a script request the hash from an endpoint.',
    everyone: true,
    needs: [],
    async run(page) {
      for (const { kind, name, headers, text } of (await page.read()).files) {
        const isDocument = kind === 'page' || kind === 'RSC payload';
        if (!isDocument || !containsHash(text, page.hmacToken)) continue;
        demand(forbidsStoring(headers), `A hash is in ${name}, which lacks no-store.`);
        const [other] = Array.from(headers).find(allowsSharedCache) ?? [];
        demand(other === undefined, `A hash is in ${name}, and its header ${other} lets caches store it.`);
        demand(!headers.has('age'), `A hash is in ${name}, which comes from a cache: it has an Age header.`);
      }
    },
  },
  {
    id: 'page-scripts',
    level: 'MUST',
    name: 'keep hashes out of scripts and source maps',
    fix: 'Scripts are the same for every visitor and are cached: let the script request the identity from an endpoint.',
    needs: [],
    async run(page) {
      const reading = await everyFile(page, ({ kind, name, text }) => {
        const isScript = kind === 'script' || kind === 'source map';
        demand(!isScript || !containsHash(text, page.hmacToken), `A hash is in ${name}.`);
      });
      demandAllRead(reading);
    },
  },
  {
    id: 'page-set-user',
    level: 'MUST',
    name: 'pass identifier_hash in every call to setUser',
    fix: 'Compute identifier_hash on the server, and pass it as a field: setUser(identifier, { identifier_hash, name }).',
    needs: [],
    async run(page) {
      const unknown: string[] = [];
      let calls = 0;
      const reading = await everyFile(page, ({ kind, name, text }) => {
        if (kind === 'source map' || kind === 'RSC payload') return;
        for (const call of setUserCalls(text)) {
          calls++;
          const passes = passesHash(call);
          demand(passes !== false, `A call to setUser in ${name} passes no identifier_hash.`);
          if (passes === undefined) unknown.push(name);
        }
      });
      if (unknown[0])
        throw new NotJudged(
          `A call to setUser in ${unknown[0]} passes a variable, which may have no identifier_hash.`,
        );
      const isOurs = (await page.read()).files.some(hasOurCode);
      if (calls === 0 && !isOurs)
        throw new NotJudged('Neither the page nor its same-origin scripts call $chatwoot.setUser.');
      demandAllRead(reading);
    },
  },
  {
    id: 'page-url',
    level: 'MUST',
    name: 'keep identities out of query strings',
    fix: 'URLs appear in logs, browser histories and Referer headers: take the user from the session, and send the hash in a body.',
    needs: [],
    async run(page) {
      demand(
        !containsIdentityUrl(`"${page.url.href}"`),
        'The address of the page itself contains an identity.',
      );
      const reading = await everyFile(page, ({ kind, name, text }) => {
        if (kind === 'source map') return;
        demand(!containsIdentityUrl(text), `A URL with an identity in its query is in ${name}.`);
      });
      demandAllRead(reading);
    },
  },
];

/**
 * Returns the requirements for a page with the chat, as checks of a running app in any language. The audits
 * read the page as an anonymous visitor and as the signed-in user. The audits also read the page's same-origin
 * scripts and their source maps. The audits stop after 60 files, 32 MB or a minute. The audits search text, so
 * they find mistakes but cannot prove that there are none.
 *
 * @param options the page, and the session and the token that the audits may use
 * @returns the audits, which request the page once and share its files
 * @throws {TypeError} if `url` is not an http(s) address, or `hmacToken` cannot be an HMAC token
 * @example
 * for (const audit of pageAudits({ url: 'http://localhost:3000/account', session: { cookie }, hmacToken })) {
 *   test(audit.name, audit.run);
 * }
 */
export function pageAudits(options: PageAuditOptions): Audit[] {
  return bind(definitions, new AuditedPage(options), options);
}

/** Checks every file. Returns the reasons why some files could not be read. */
async function everyFile(page: AuditedPage, check: (file: PageFile) => void): Promise<readonly string[]> {
  const { files, unread } = await page.read();
  files.forEach(check);
  return unread;
}

/** Throws if a file was not read, because that file may contain the mistake. */
function demandAllRead([first, ...others]: readonly string[]): void {
  if (first === undefined) return;
  const more =
    others.length === 0 ? '' : ` (and ${others.length} more ${others.length === 1 ? 'file' : 'files'})`;
  throw new NotJudged(`Some files were not read: ${first}${more}.`);
}

/**
 * Whether a file calls `setUser` through this project, which always passes the hash: the data block of an adapter, or a
 * bundle with `@chatwoot-identity/browser`, such as a client component of Next.js. Some bundlers put code into strings in
 * development, and escape its quotes.
 */
function hasOurCode({ kind, text }: PageFile): boolean {
  const ours =
    kind === 'script'
      ? /\bSymbol\.for\(\\?["'`]chatwoot-identity\\?["'`]\)/
      : /<script type="application\/json" id="chatwoot-identity"/;
  return ours.test(text);
}
