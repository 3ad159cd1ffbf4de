import { identifierHash } from '@chatwoot-identity/core';
import { explainMismatch } from '@chatwoot-identity/diagnostics';
import { command } from './command.js';
import { Failure } from './failure.js';
import { printJson, report } from './report.js';
import { needToken, readTokenFile, tokenFlags } from './token.js';

export const explain = command({
  summary: 'Say why Chatwoot refuses a hash',
  args: ['<identifier>', '<hash>'],
  flags: {
    ...tokenFlags,
    'website-token': {
      type: 'string',
      value: '<token>',
      help: 'the public website token, in case it was the key (default: CHATWOOT_WEBSITE_TOKEN)',
    },
    email: {
      type: 'string',
      value: '<address>',
      help: 'the e-mail address of the user, in case it was signed',
    },
    'other-token': {
      type: 'string',
      multiple: true,
      value: '<name>=<path>',
      help: 'file with the token of another inbox or API, in case it was the key; repeatable',
    },
  },
  help: `Makes the mistakes that people make, alone and two together, until one gives this very hash. It never
guesses: a hash that no known mistake makes has no explanation.`,
  example: 'user-1 "$HASH" --email ada@example.com',
  async run({ json, email, ...values }, identifier, hash) {
    const hmacToken = await needToken(values['token-file']);
    const explanation = explainMismatch({
      hmacToken,
      identifier: identifier!,
      identifierHash: hash!,
      websiteToken: values['website-token'] ?? (process.env.CHATWOOT_WEBSITE_TOKEN || undefined),
      email,
      otherTokens: Object.fromEntries(await Promise.all((values['other-token'] ?? []).map(otherToken))),
    });
    const { matches, causes } = explanation;
    // Where no mistake explains the hash, an identifier that cannot be signed is one: this throws what is wrong with it.
    if (!matches && causes.length === 0) identifierHash('any key', identifier!);
    if (json) printJson(explanation);
    else if (matches) report('pass', 'The hash is right.', ...whenRefusedAllTheSame);
    else if (causes.length === 0) report('fail', 'No known mistake makes this hash.', ...whereToLook);
    else for (const { code, message, fix } of causes) report('fail', `${message} [${code}]`, fix);
    return matches ? 0 : 1;
  },
});

const whenRefusedAllTheSame = [
  "If Chatwoot refuses it, this HMAC token is not the inbox's: chatwoot-identity doctor tells.",
  'Or the page passes another identifier: compare it with $chatwoot.identifier in its console.',
];

const whereToLook = [
  'Compare the HMAC token with Inboxes, Settings, Configuration, Identity Validation: was it rotated?',
  'Compare the identifier with what the page passes: $chatwoot.identifier in its console.',
  'Give what else may have been mixed up: --email, --website-token, --other-token staging=./staging-token.',
];

async function otherToken(flag: string): Promise<[name: string, token: string]> {
  const [, name, path] = /^([^=]+)=(.+)$/s.exec(flag) ?? [];
  if (!name || !path)
    throw new Failure('--other-token takes a name and a file: --other-token staging=./staging-token');
  return [name, await readTokenFile(path)];
}
