import { verifyIdentifierHash } from '@chatwoot-identity/core';
import { command } from './command.js';
import { printJson, report } from './report.js';
import { needToken, tokenFlags } from './token.js';

export const verify = command({
  summary: 'Tell whether Chatwoot would accept a hash',
  args: ['<identifier>', '<hash>'],
  flags: tokenFlags,
  help: 'Exits with 0 when the hash is right and with 1 when it is not; explain says why.',
  example: 'user-1 "$HASH"',
  async run({ json, 'token-file': tokenFile }, identifier, hash) {
    const matches = verifyIdentifierHash(await needToken(tokenFile), identifier!, hash);
    if (json) printJson({ matches });
    else if (matches) report('pass', 'The hash is right.');
    else report('fail', 'The hash is not right. chatwoot-identity explain says why.');
    return matches ? 0 : 1;
  },
});
