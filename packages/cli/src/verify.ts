import { verifyIdentifierHash } from '@chatwoot-identity/core';
import { command } from './command.js';
import { report } from './report.js';
import { printJson } from './terminal.js';
import { needToken, tokenFlags } from './token.js';

export const verify = command({
  summary: 'Check whether Chatwoot would accept a hash',
  args: ['<identifier>', '<hash>'],
  flags: tokenFlags,
  help: 'The exit code is 0 if the hash is right and 1 if it is not; explain says why it is not.',
  example: 'user-1 "$HASH"',
  async run(terminal, { json, 'token-file': tokenFile }, identifier, hash) {
    const matches = verifyIdentifierHash(await needToken(terminal, tokenFile), identifier!, hash);
    if (json) printJson(terminal, { matches });
    else if (matches) report(terminal, 'pass', 'The hash is right.');
    else report(terminal, 'fail', 'The hash is not right. chatwoot-identity explain says why.');
    return matches ? 0 : 1;
  },
});
