import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { identifierHash } from '@chatwoot-identity/core';
import type { Answer } from '@chatwoot-identity/diagnostics';
import { Chatwoot, sessionIn } from './chatwoot-client.js';
import { command } from './command.js';
import { Failure } from './failure.js';
import { type Outcome, printIndented, report } from './report.js';
import { print, printError, printJson, type Terminal } from './terminal.js';
import { timeoutFlags, timeoutOf } from './timeout.js';
import { needToken, tokenFlags } from './token.js';

const NAME = 'chatwoot-identity doctor';

export const doctor = command({
  summary: 'Test identity validation with a live Chatwoot',
  args: [],
  flags: {
    'base-url': { type: 'string', value: '<url>', help: 'address of Chatwoot (default: CHATWOOT_BASE_URL)' },
    'website-token': {
      type: 'string',
      value: '<token>',
      help: 'public token of the website inbox (default: CHATWOOT_WEBSITE_TOKEN)',
    },
    ...tokenFlags,
    ...timeoutFlags,
    yes: { type: 'boolean', short: 'y', help: 'create the contact without asking' },
  },
  help: `Sends the requests of a page with the chat: loads the SDK and the widget, and identifies a visitor with a wrong hash, a correct hash and no hash. Creates one contact, named "${NAME}", which later runs reuse. If enforcement is off, the command prints a warning, and the exit code is still 0.`,
  example: '--base-url https://app.chatwoot.com --website-token Ab3dEf6hJkLmNpQrStUvWxYz',
  async run(terminal, { json, yes, ...values }) {
    const baseUrl = values['base-url'] ?? terminal.env.CHATWOOT_BASE_URL;
    const websiteToken = values['website-token'] ?? terminal.env.CHATWOOT_WEBSITE_TOKEN;
    if (!baseUrl)
      throw new Failure('The address of Chatwoot is missing. Pass --base-url, or set CHATWOOT_BASE_URL.');
    if (!websiteToken) {
      throw new Failure('The website token is missing. Pass --website-token, or set CHATWOOT_WEBSITE_TOKEN.');
    }
    const hmacToken = await needToken(terminal, values['token-file']);
    if (hmacToken === websiteToken) {
      throw new Failure(
        'The HMAC token is the website token, which is public. Copy the HMAC token from Chatwoot: Inboxes > your website inbox > Settings > Configuration > Identity Validation.',
      );
    }
    const chatwoot = new Chatwoot(baseUrl, websiteToken, timeoutOf(values.timeout));
    const signed = {
      identifier: NAME,
      identifier_hash: identifierHash(hmacToken, NAME),
    };
    printError(terminal, `This creates one contact named "${NAME}" at ${chatwoot.baseUrl}.`);
    if (!yes) await confirm(terminal);

    const findings: Finding[] = [];
    for await (const finding of examine(chatwoot, signed)) {
      findings.push(finding);
      if (!json) report(terminal, finding.outcome, finding.line, ...(finding.advice ? [finding.advice] : []));
    }
    // Without the SDK, this may be the address of another server, which a policy must not allow.
    const csp = findings[0]?.outcome === 'pass' ? contentSecurityPolicy(chatwoot.origin) : undefined;
    if (json) printJson(terminal, { findings, contentSecurityPolicy: csp, unknown });
    else {
      if (csp) print(terminal, '\nContent-Security-Policy for pages with the chat:');
      for (const [directive, source] of Object.entries(csp ?? {}))
        printIndented(terminal, `${directive} ${source}`);
      print(terminal, '\nNot checked:');
      for (const line of unknown) printIndented(terminal, line);
    }
    return findings.some(({ outcome }) => outcome === 'fail') ? 1 : 0;
  },
});

interface Finding {
  readonly id: string;
  readonly outcome: Outcome;
  readonly line: string;
  readonly advice?: string;
}

interface Signed {
  readonly identifier: string;
  readonly identifier_hash: string;
}

/** Yields the finding of each check. Stops if the next check depends on a check that failed. */
async function* examine(chatwoot: Chatwoot, signed: Signed): AsyncGenerator<Finding> {
  const sdk = await chatwoot.sdk();
  const isScript = sdk.status === 200 && /javascript/.test(sdk.headers.get('content-type') ?? '');
  yield isScript ? pass('sdk', 'The SDK script loads.') : noSdk(sdk, chatwoot);
  if (!isScript) return;

  const widget = await chatwoot.widget();
  const session = sessionIn(widget);
  yield widgetFinding(widget, session);
  if (!session) return;

  const wrong = await chatwoot.setUser(session, { ...signed, identifier_hash: '0'.repeat(64), name: NAME });
  yield wrong.status === 401
    ? pass('wrong-hash', 'A wrong hash is rejected.')
    : fail(
        'wrong-hash',
        `The response to a wrong hash is ${wrong.status} instead of 401.`,
        'Check that the server runs a recent version of Chatwoot.',
      );

  const right = await chatwoot.setUser(session, { ...signed, name: NAME });
  yield right.status === 200
    ? pass('right-hash', 'A correct hash is accepted.')
    : fail(
        'right-hash',
        `The response to a correct hash is ${right.status} instead of 200.`,
        'The HMAC token belongs to another inbox, or it was rotated. Copy the current token from Chatwoot: Inboxes > your website inbox > Settings > Configuration > Identity Validation.',
      );
  if (right.status !== 200) return;

  const none = await chatwoot.setUser(session, { identifier: signed.identifier, name: NAME });
  yield none.status === 401
    ? pass('enforcement', 'Enforcement is on: a user without a hash is rejected.')
    : {
        id: 'enforcement',
        outcome: 'warn',
        line: 'Enforcement is off: anyone can impersonate a user by omitting the hash. Agents see only a warning in the conversation.',
        advice:
          'When every page sends hashes, turn on "Require identity validation for all conversations" (up to Chatwoot 4.15: "Enforce User Identity Validation").',
      };
}

function noSdk(sdk: Answer, chatwoot: Chatwoot): Finding {
  const line = `The SDK script is not at ${chatwoot.baseUrl} (${sdk.status}).`;
  const target = chatwoot.redirectedTo(sdk);
  if (target) return fail('sdk', line, `The address redirects. Use ${target}, here and in your pages.`);
  return fail(
    'sdk',
    line,
    'Check that this is the address of a Chatwoot server, without the path of a page.',
  );
}

function widgetFinding({ status, headers }: Answer, session: string | undefined): Finding {
  if (status === 404) {
    return fail(
      'website-token',
      'No inbox has this website token.',
      'Copy the website token from Chatwoot: Inboxes > your website inbox > Settings > Configuration. If you swapped the two tokens, your pages contain the HMAC token: correct the pages, and rotate the HMAC token.',
    );
  }
  if (status === 401)
    return fail(
      'website-token',
      'The Chatwoot account is suspended.',
      'Ask the administrator of the account.',
    );
  if (status === 429)
    return fail(
      'website-token',
      'Chatwoot limits the requests of this IP address (429).',
      'Try again in an hour.',
    );
  if (!session)
    return fail(
      'website-token',
      `The widget does not load (${status}).`,
      'Check that the server runs a recent version of Chatwoot.',
    );
  const embedding = /frame-ancestors ([^;]+)/.exec(headers.get('content-security-policy') ?? '')?.[1];
  return pass(
    'website-token',
    'The website token belongs to an inbox.',
    embedding && `Only these sites may show the chat: ${embedding.replaceAll(/[^\x21-\x7e]+/g, ' ')}`,
  );
}

function pass(id: string, line: string, advice?: string): Finding {
  return { id, outcome: 'pass', line, ...(advice && { advice }) };
}

function fail(id: string, line: string, advice: string): Finding {
  return { id, outcome: 'fail', line, advice };
}

/**
 * Returns the sources that the SDK needs, and `'self'` for the page script and the endpoint. `'unsafe-inline'` is
 * needed because the style element of the SDK has no nonce (chatwoot/chatwoot#8892).
 */
const contentSecurityPolicy = (origin: string) => ({
  'script-src': `'self' ${origin}`,
  'frame-src': origin,
  'style-src': "'self' 'unsafe-inline'",
  'connect-src': `'self' ${origin}`,
});

const unknown = [
  'whether your pages load this inbox: compare the website token in their source',
  'whether your app signs with this HMAC token: use chatwoot-identity check',
  'anonymous visitors: enforcement does not affect them, because it checks only identified users',
];

async function confirm({ stdin, stderr }: Terminal): Promise<void> {
  const refusal = new Failure('Nothing was done. Pass --yes to create the contact.');
  if (!stdin.isTTY) throw refusal;
  const terminal = createInterface({ input: stdin, output: stderr });
  // Ctrl+C and Ctrl+D close the interface without answering the question.
  const closed = once(terminal, 'close').then(() => '');
  const answer = await Promise.race([terminal.question('Continue? [y/N] '), closed]);
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw refusal;
}
