import { identifierHash } from '@chatwoot-identity/core';
import { explainMismatch } from '@chatwoot-identity/diagnostics';
import { command } from './command.js';
import { Failure } from './failure.js';
import { report } from './report.js';
import { printJson, type Terminal } from './terminal.js';
import { needToken, readTokenFile, tokenFlags } from './token.js';

export const explain = command({
  summary: 'Explain why Chatwoot rejects a hash',
  args: ['<identifier>', '<hash>'],
  flags: {
    ...tokenFlags,
    'website-token': {
      type: 'string',
      value: '<token>',
      help: 'the public website token, in case it was used as the key (default: CHATWOOT_WEBSITE_TOKEN)',
    },
    email: {
      type: 'string',
      value: '<address>',
      help: 'the email address of the user, in case it was signed instead of the identifier',
    },
    'other-token': {
      type: 'string',
      multiple: true,
      value: '<name>=<path>',
      help: 'file with the token of another inbox or API, in case it was used as the key; repeatable',
    },
  },
  help: `Tries the known mistakes, alone and in pairs, until one produces exactly this hash. The command never guesses: it reports if no known mistake produces the hash.`,
  example: 'user-1 "$HASH" --email ada@example.com',
  async run(terminal, { json, email, ...values }, identifier, hash) {
    const hmacToken = await needToken(terminal, values['token-file']);
    const explanation = explainMismatch({
      hmacToken,
      identifier: identifier!,
      identifierHash: hash!,
      websiteToken: values['website-token'] ?? (terminal.env.CHATWOOT_WEBSITE_TOKEN || undefined),
      email,
      otherTokens: Object.fromEntries(
        await Promise.all((values['other-token'] ?? []).map((flag) => otherToken(terminal, flag))),
      ),
    });
    const { matches, causes } = explanation;
    // If no known mistake explains the hash, the identifier itself may be invalid. `identifierHash` then throws an
    // error with the reason.
    if (!matches && causes.length === 0) identifierHash('any key', identifier!);
    if (json) printJson(terminal, explanation);
    else if (matches) report(terminal, 'pass', 'The hash is correct.', ...whenRefusedAllTheSame);
    else if (causes.length === 0)
      report(terminal, 'fail', 'No known mistake produces this hash.', ...whereToLook);
    else for (const { code, message, fix } of causes) report(terminal, 'fail', `${message} [${code}]`, fix);
    return matches ? 0 : 1;
  },
});

const whenRefusedAllTheSame = [
  'If Chatwoot rejects this hash, check the HMAC token: chatwoot-identity doctor tests whether it belongs to the inbox.',
  'Also enter $chatwoot.identifier in the browser console, and compare the result with this identifier.',
];

const whereToLook = [
  'Compare the HMAC token with the one in Chatwoot (Inboxes > your website inbox > Settings > Configuration): it may have been rotated.',
  'Enter $chatwoot.identifier in the browser console, and compare the result with this identifier.',
  'Pass other values that your code may have used: --email, --website-token, --other-token staging=./staging-token.',
];

async function otherToken(terminal: Terminal, flag: string): Promise<[name: string, token: string]> {
  const [, name, path] = /^([^=]+)=(.+)$/s.exec(flag) ?? [];
  if (!name || !path)
    throw new Failure('--other-token takes a name and a file: --other-token staging=./staging-token');
  return [name, await readTokenFile(terminal, path)];
}
