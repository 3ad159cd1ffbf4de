import { verifyIdentifierHash } from '@chatwoot-identity/core';
import { command } from './command.js';
import { report } from './report.js';
import { printJson } from './terminal.js';
import { needToken, tokenFlags } from './token.js';

export const verify = command({
  summary: 'Check whether Chatwoot would accept a hash',
  args: ['<identifier>', '<hash>'],
  flags: tokenFlags,
  help: 'The exit code is 0 if the hash is correct and 1 if it is wrong. Run explain to find out why a hash is wrong.',
  example: 'user-1 "$HASH"',
  async run(terminal, { json, 'token-file': tokenFile }, identifier, hash) {
    const matches = verifyIdentifierHash(await needToken(terminal, tokenFile), identifier!, hash);
    if (json) printJson(terminal, { matches });
    else if (matches) report(terminal, 'pass', 'The hash is correct.');
    else report(terminal, 'fail', 'The hash is wrong. Run chatwoot-identity explain to find out why.');
    return matches ? 0 : 1;
  },
});
