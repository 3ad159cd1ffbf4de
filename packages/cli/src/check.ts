import {
  type Answer,
  type EndpointAudit,
  type EndpointAuditOptions,
  endpointAudits,
  probe,
} from '@chatwoot-identity/diagnostics';
import { command } from './command.js';
import { Failure } from './failure.js';
import { type Outcome, printJson, report } from './report.js';
import { timeoutFlags, timeoutOf } from './timeout.js';
import { findToken, tokenFlags } from './token.js';

export const check = command({
  summary: 'Check the identity endpoint of a running app',
  args: ['<url>'],
  flags: {
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
  help: `Asks the endpoint what a browser, a cache, another site and an attacker would ask. Copy the cookie of a
signed-in test user from the developer tools of the browser. Without a session or without the HMAC token
the checks that need them are left out. A failed MUST makes the exit code 1, a failed SHOULD does not.`,
  example: "http://localhost:3000/chatwoot/identity --cookie 'connect.sid=...'",
  async run({ json, cookie, header = [], ...values }, url) {
    const options = {
      url: url!,
      session: sessionOf(cookie, header),
      hmacToken: await findToken(values['token-file']),
      timeout: timeoutOf(values.timeout),
    };
    const audits = endpointAudits(options);
    const { status } = await lookForEndpoint(options);

    const results: Result[] = [];
    let gone = false;
    for (const audit of endpointAudits({ ...options, session: {}, hmacToken: '' })) {
      const runnable = audits.find(({ id }) => id === audit.id);
      const missing = gone ? ['an app that answers'] : missingFor(audit, options, status === 200);
      const result = runnable && missing.length === 0 ? await resultOf(runnable) : leftOut(audit, missing);
      if (result.outcome === 'fail' || result.outcome === 'warn') gone = await isGone(options);
      results.push(result);
      if (!json) report(result.outcome, result.name, ...(result.reason ? [result.reason] : []));
    }
    const count = (outcome: Outcome) => results.filter((result) => result.outcome === outcome).length;
    if (json) printJson({ url, audits: results });
    else
      console.log(
        `\n${count('pass')} passed, ${count('fail')} failed, ${count('warn')} warned, ${count('skip')} left out`,
      );
    if (count('fail') > 0) return 1;
    return gone ? 2 : 0;
  },
});

interface Result {
  readonly id: string;
  readonly level: EndpointAudit['level'];
  readonly name: string;
  readonly outcome: Outcome;
  readonly reason?: string;
}

async function resultOf({ id, level, name, run }: EndpointAudit): Promise<Result> {
  try {
    await run();
    return { id, level, name, outcome: 'pass' };
  } catch (error) {
    return { id, level, name, outcome: level === 'MUST' ? 'fail' : 'warn', reason: (error as Error).message };
  }
}

const inWords = {
  session: '--cookie or --header',
  hmacToken: 'the HMAC token (CHATWOOT_HMAC_TOKEN or --token-file)',
};

/** What an audit needs and does not have. Only the first one with a session says that nobody is signed in with it. */
function missingFor(
  { id, needs }: EndpointAudit,
  options: EndpointAuditOptions,
  signedIn: boolean,
): string[] {
  const missing = needs.filter((need) => options[need] === undefined).map((need) => inWords[need]);
  const idle = needs.includes('session') && options.session !== undefined && !signedIn && id !== 'identity';
  return idle ? [...missing, 'a session that is signed in'] : missing;
}

function leftOut({ id, level, name }: EndpointAudit, missing: readonly string[]): Result {
  return { id, level, name, outcome: 'skip', reason: `Needs ${missing.join(' and ')}.` };
}

/** An app that an audit has brought down gives all others the same reason. */
function isGone({ url, timeout }: EndpointAuditOptions): Promise<boolean> {
  return probe(url, { timeout }).then(
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
    throw new Failure('--cookie or --header holds characters that HTTP does not allow.');
  }
  return Object.keys(session).length > 0 ? session : undefined;
}

function headerOf(flag: string): [name: string, value: string] {
  const [, name, value] = /^([^:\s]+):\s*(.*)$/s.exec(flag) ?? [];
  if (!name || value === undefined)
    throw new Failure('--header takes a name and a value: --header "Authorization: Bearer ..."');
  return [name.toLowerCase(), value];
}

/** Audits of something that is no identity endpoint would only confuse. */
async function lookForEndpoint({ url, session = {}, timeout }: EndpointAuditOptions): Promise<Answer> {
  const answer = await probe(url, { headers: session, timeout });
  const { status, headers } = answer;
  if (status >= 300 && status < 400) {
    throw new Failure(
      `The address redirects (${status}). Give the address that it ends at or, if that is a login page, a valid --cookie.`,
    );
  }
  if (status === 404)
    throw new Failure('There is nothing at this address (404). Give the whole address of the endpoint.');
  const type = headers.get('content-type') ?? 'no type at all';
  if (status === 200 && !/\bjson\b/.test(type)) {
    throw new Failure(
      `The address answers ${/^[\w/+.-]+/.exec(type)?.[0]} instead of JSON. Is it the address of the endpoint?`,
    );
  }
  return answer;
}
