import {
  type Answer,
  type Audit,
  endpointAudits,
  NotJudged,
  pageAudits,
  probe,
} from '@chatwoot-identity/diagnostics';
import { command } from './command.js';
import { Failure } from './failure.js';
import { type Outcome, report } from './report.js';
import { print, printJson } from './terminal.js';
import { timeoutFlags, timeoutOf } from './timeout.js';
import { findToken, tokenFlags } from './token.js';

export const check = command({
  summary: 'Check the identity endpoint and the pages of a running app',
  args: ['[<url>]'],
  flags: {
    page: { type: 'string', value: '<url>', help: 'also check the page with the chat at this address' },
    cookie: { type: 'string', value: '<cookies>', help: 'the Cookie header of a signed-in session' },
    header: {
      type: 'string',
      multiple: true,
      value: '<name: value>',
      help: 'a header of a signed-in session, such as Authorization; repeatable',
    },
    ...tokenFlags,
    ...timeoutFlags,
  },
  help: `Sends the endpoint at <url> the requests that a browser, a cache, another site and an attacker would send. Searches the page, its scripts and their source maps for tokens and hashes. Copy the cookie of a signed-in test user from the developer tools of the browser. Checks that need a session or the HMAC token are skipped if it is not given. The exit code is 1 if a MUST check fails. A failed SHOULD check is only a warning.`,
  example: "http://localhost:3000/chatwoot/identity --cookie 'connect.sid=...'",
  async run(terminal, { json, page, cookie, header = [], ...values }, url) {
    if (url === undefined && page === undefined)
      throw new Failure('check needs the address of the endpoint, --page <url>, or both.');
    const access = {
      session: sessionOf(cookie, header),
      hmacToken: await findToken(terminal, values['token-file']),
      timeout: timeoutOf(values.timeout),
    };
    const results: Result[] = [];
    const targets = [
      ...(url === undefined ? [] : [await endpointTarget(url, access)]),
      ...(page === undefined ? [] : [await pageTarget(page, access)]),
    ];
    let gone = false;
    for (const { address, all, runnable, isSignedIn } of targets) {
      for (const audit of all) {
        const found = runnable.find(({ id }) => id === audit.id);
        const missing = gone ? ['an app that responds'] : missingFor(audit, access, isSignedIn);
        const result = found && missing.length === 0 ? await resultOf(found) : leftOut(audit, missing);
        if (result.outcome === 'fail' || result.outcome === 'warn') gone = await isGone(address, access);
        results.push(result);
        if (!json) report(terminal, result.outcome, result.name, ...(result.reason ? [result.reason] : []));
      }
    }
    const count = (outcome: Outcome) => results.filter((result) => result.outcome === outcome).length;
    if (json) printJson(terminal, { url, page, audits: results });
    else
      print(
        terminal,
        `\n${count('pass')} passed, ${count('fail')} failed, ${count('warn')} with warnings, ${count('skip')} skipped`,
      );
    if (count('fail') > 0) return 1;
    return gone ? 2 : 0;
  },
});

/** The session, the HMAC token and the time limit that all checks use. */
interface Access {
  readonly session: Readonly<Record<string, string>> | undefined;
  readonly hmacToken: string | undefined;
  readonly timeout: number;
}

/** An endpoint or a page, with all its audits and the audits that can run. */
interface Target {
  readonly address: string;
  readonly all: readonly Audit[];
  readonly runnable: readonly Audit[];
  readonly isSignedIn: boolean;
}

interface Result {
  readonly id: string;
  readonly level: Audit['level'];
  readonly name: string;
  readonly outcome: Outcome;
  readonly reason?: string;
}

async function resultOf({ id, level, name, run }: Audit): Promise<Result> {
  try {
    await run();
    return { id, level, name, outcome: 'pass' };
  } catch (error) {
    const failed = level === 'MUST' ? 'fail' : 'warn';
    const outcome = error instanceof NotJudged ? 'skip' : failed;
    return { id, level, name, outcome, reason: (error as Error).message };
  }
}

const inWords = {
  session: '--cookie or --header',
  hmacToken: 'the HMAC token (CHATWOOT_HMAC_TOKEN or --token-file)',
};

/**
 * Returns the missing options of an audit. If the session is not signed in, only the `identity` audit can use the
 * session.
 */
function missingFor({ id, needs }: Audit, access: Access, isSignedIn: boolean): string[] {
  const missing = needs.filter((need) => access[need] === undefined).map((need) => inWords[need]);
  const idle = needs.includes('session') && access.session !== undefined && !isSignedIn && id !== 'identity';
  return idle ? [...missing, 'a session that is signed in'] : missing;
}

function leftOut({ id, level, name }: Audit, missing: readonly string[]): Result {
  return { id, level, name, outcome: 'skip', reason: `Needs ${missing.join(' and ')}.` };
}

/**
 * Returns true if the app no longer responds. If an audit has crashed the app, all later audits would fail only
 * because of the crash.
 */
function isGone(address: string, { timeout }: Access): Promise<boolean> {
  return probe(address, { timeout }).then(
    () => false,
    () => true,
  );
}

function sessionOf(
  cookie: string | undefined,
  headers: readonly string[],
): Record<string, string> | undefined {
  const session = Object.fromEntries(headers.map(headerOf));
  if (cookie !== undefined) session.cookie = cookie;
  try {
    new Headers(session);
  } catch {
    throw new Failure('--cookie or --header contains characters that HTTP does not allow.');
  }
  return Object.keys(session).length > 0 ? session : undefined;
}

function headerOf(flag: string): [name: string, value: string] {
  const [, name, value] = /^([^:\s]+):\s*(.*)$/s.exec(flag) ?? [];
  if (!name || value === undefined)
    throw new Failure('--header takes a name and a value: --header "Authorization: Bearer ..."');
  return [name.toLowerCase(), value];
}

/**
 * Prepares the audits of an endpoint. Throws if the address is not an identity endpoint, because the audit results
 * would be misleading.
 */
async function endpointTarget(url: string, access: Access): Promise<Target> {
  const audits = endpointAudits({ url, ...access });
  const { status, headers } = await probe(url, { headers: access.session ?? {}, timeout: access.timeout });
  demandFinal(status, 'endpoint');
  const type = typeOf(headers);
  if (status === 200 && !/\bjson\b/.test(type))
    throw new Failure(
      `The address serves ${type} instead of JSON. Check that it is the address of the endpoint.`,
    );
  const all = endpointAudits({ url, session: {}, hmacToken: '' });
  const isSignedIn = status === 200;
  // If the session is not signed in, run only the `identity` audit with the session, because that audit reports the
  // problem. The other audits would mistake the session for that of a signed-in user.
  const anonymous = endpointAudits({ url, ...access, session: undefined });
  const identity = audits.filter(({ id }) => id === 'identity');
  return { address: url, all, runnable: isSignedIn ? audits : [...identity, ...anonymous], isSignedIn };
}

/**
 * Prepares the audits of a page. Throws for a login page or an error page, because the audits would check the wrong
 * page.
 */
async function pageTarget(url: string, access: Access): Promise<Target> {
  const runnable = pageAudits({ url, ...access });
  const request = { accept: 'text/html,*/*;q=0.8', ...access.session };
  const { status, headers }: Answer = await probe(url, {
    headers: request,
    timeout: access.timeout,
    longest: 8 * 1024 * 1024,
  });
  demandFinal(status, 'page');
  if (status !== 200) throw new Failure(`The page has the status ${status} instead of 200.`);
  const type = typeOf(headers);
  if (!/html/.test(type)) throw new Failure(`The page is ${type} instead of HTML. Check its address.`);
  return { address: url, all: runnable, runnable, isSignedIn: true };
}

function demandFinal(status: number, what: 'endpoint' | 'page'): void {
  if (status >= 300 && status < 400) {
    throw new Failure(
      `The address redirects (${status}). Pass the final address or, if that is a login page, a valid --cookie.`,
    );
  }
  if (status === 404)
    throw new Failure(`There is nothing at this address (404). Pass the full address of the ${what}.`);
}

function typeOf(headers: Headers): string {
  return /^[\w/+.-]+/.exec(headers.get('content-type') ?? '')?.[0] ?? 'no content type';
}
