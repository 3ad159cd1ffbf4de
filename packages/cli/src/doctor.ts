import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { identifierHash } from '@chatwoot-identity/core';
import type { Answer } from '@chatwoot-identity/diagnostics';
import { Chatwoot, sessionIn } from './chatwoot-client.js';
import { command } from './command.js';
import { Failure } from './failure.js';
import { type Outcome, printJson, report } from './report.js';
import { timeoutFlags, timeoutOf } from './timeout.js';
import { needToken, tokenFlags } from './token.js';

const NAME = 'chatwoot-identity doctor';

export const doctor = command({
  summary: 'Try identity validation on a live Chatwoot',
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
  help: `Does what the chat in a page does: loads the SDK and the widget, and identifies a visitor with a wrong
hash, a right one and none. This creates one contact, named "${NAME}", which later runs
find again. Enforcement that is off is a warning and leaves the exit code 0.`,
  example: '--base-url https://app.chatwoot.com --website-token Ab3dEf6hJkLmNpQrStUvWxYz',
  async run({ json, yes, ...values }) {
    const baseUrl = values['base-url'] ?? process.env.CHATWOOT_BASE_URL;
    const websiteToken = values['website-token'] ?? process.env.CHATWOOT_WEBSITE_TOKEN;
    if (!baseUrl)
      throw new Failure('The address of Chatwoot is missing. Give --base-url, or set CHATWOOT_BASE_URL.');
    if (!websiteToken) {
      throw new Failure('The website token is missing. Give --website-token, or set CHATWOOT_WEBSITE_TOKEN.');
    }
    const hmacToken = await needToken(values['token-file']);
    if (hmacToken === websiteToken) {
      throw new Failure(
        'The HMAC token is the website token, which is public. Copy it from Inboxes, Settings, Configuration, Identity Validation.',
      );
    }
    const chatwoot = new Chatwoot(baseUrl, websiteToken, timeoutOf(values.timeout));
    const signed = {
      identifier: NAME,
      identifier_hash: identifierHash(hmacToken, NAME),
    };
    console.error(`This creates one contact named "${NAME}" at ${chatwoot.origin}.`);
    if (!yes) await askFirst();

    const findings: Finding[] = [];
    for await (const finding of examine(chatwoot, signed)) {
      findings.push(finding);
      if (!json) report(finding.outcome, finding.line, ...(finding.advice ? [finding.advice] : []));
    }
    const csp = contentSecurityPolicy(chatwoot.origin);
    if (json) printJson({ findings, contentSecurityPolicy: csp, unknown });
    else {
      console.log('\nContent-Security-Policy of the pages with the chat:');
      for (const [directive, source] of Object.entries(csp)) console.log(`    ${directive} ${source}`);
      console.log('\nWhat cannot be seen from here:');
      for (const line of unknown) console.log(`    ${line}`);
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

/** One finding after the other; stops where the next makes no sense without the last. */
async function* examine(chatwoot: Chatwoot, signed: Signed): AsyncGenerator<Finding> {
  const sdk = await chatwoot.sdk();
  const isScript = sdk.status === 200 && /javascript/.test(sdk.headers.get('content-type') ?? '');
  yield isScript ? pass('sdk', 'The SDK script is there.') : noSdk(sdk, chatwoot);
  if (!isScript) return;

  const widget = await chatwoot.widget();
  const session = sessionIn(widget);
  yield widgetFinding(widget, session);
  if (!session) return;

  const wrong = await chatwoot.setUser(session, { ...signed, identifier_hash: '0'.repeat(64), name: NAME });
  yield wrong.status === 401
    ? pass('wrong-hash', 'A wrong hash is refused.')
    : fail(
        'wrong-hash',
        `A wrong hash is answered ${wrong.status} instead of 401.`,
        'Is this a Chatwoot, and a recent one?',
      );

  const right = await chatwoot.setUser(session, { ...signed, name: NAME });
  yield right.status === 200
    ? pass('right-hash', 'A right hash is accepted.')
    : fail(
        'right-hash',
        `A right hash is answered ${right.status}.`,
        'The HMAC token is not of the inbox with this website token, or it was rotated: Inboxes, Settings, Configuration, Identity Validation.',
      );
  if (right.status !== 200) return;

  const none = await chatwoot.setUser(session, { identifier: signed.identifier, name: NAME });
  yield none.status === 401
    ? pass('enforcement', 'Enforcement is on: a user without a hash is refused.')
    : {
        id: 'enforcement',
        outcome: 'warn',
        line: 'Enforcement is off: whoever leaves out the hash can pose as any user, and only a mark tells the agent.',
        advice: 'Turn on "Enforce User Identity Validation" once every page sends hashes.',
      };
}

function noSdk({ status, headers }: Answer, { origin }: Chatwoot): Finding {
  const line = `The SDK script is not there (${status}).`;
  const location = headers.get('location') ?? '';
  const target = URL.canParse(location, origin) ? new URL(location, origin).origin : origin;
  if (status >= 300 && status < 400 && target !== origin)
    return fail('sdk', line, `The address redirects. Give --base-url ${target}, to your pages too.`);
  return fail('sdk', line, 'Is this a Chatwoot? --base-url is its address, without a path of its pages.');
}

function widgetFinding({ status, headers }: Answer, session: string | undefined): Finding {
  if (status === 404) {
    return fail(
      'website-token',
      'No inbox has this website token.',
      'Copy it from Inboxes, Settings, Configuration.',
    );
  }
  if (status === 401)
    return fail('website-token', 'The Chatwoot account is suspended.', 'Ask its administrator.');
  if (status === 429)
    return fail('website-token', 'Chatwoot asks for a pause (429).', 'Try again in an hour.');
  if (!session)
    return fail(
      'website-token',
      `The widget is not there (${status}).`,
      'Is this a Chatwoot, and a recent one?',
    );
  const embedding = /frame-ancestors ([^;]+)/.exec(headers.get('content-security-policy') ?? '')?.[1];
  return pass(
    'website-token',
    'The website token belongs to an inbox.',
    embedding && `Only these sites may show it: ${embedding.replaceAll(/[^\x21-\x7e]+/g, ' ')}`,
  );
}

function pass(id: string, line: string, advice?: string): Finding {
  return { id, outcome: 'pass', line, ...(advice && { advice }) };
}

function fail(id: string, line: string, advice: string): Finding {
  return { id, outcome: 'fail', line, advice };
}

/**
 * What the SDK loads and does in the page (its style element has no nonce: chatwoot/chatwoot#8892), and on the app's own
 * host the page script and the endpoint that it asks.
 */
const contentSecurityPolicy = (origin: string) => ({
  'script-src': `'self' ${origin}`,
  'frame-src': origin,
  'style-src': "'self' 'unsafe-inline'",
  'connect-src': `'self' ${origin}`,
});

const unknown = [
  'whether your pages load this inbox, and your app signs with this token: chatwoot-identity check',
  'whether enforcement keeps out anonymous visitors: it never does, it only checks users who are identified',
];

async function askFirst(): Promise<void> {
  const refusal = new Failure('Nothing was done. Say --yes to create the contact.');
  if (!process.stdin.isTTY) throw refusal;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl+C and Ctrl+D close the terminal and leave the question open.
  const closed = once(terminal, 'close').then(() => '');
  const answer = await Promise.race([terminal.question('Go on? [y/N] '), closed]);
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw refusal;
}
