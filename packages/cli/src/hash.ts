import { identifierHash } from '@chatwoot-identity/core';
import { command } from './command.js';
import { print, printJson } from './terminal.js';
import { needToken, tokenFlags } from './token.js';

export const hash = command({
  summary: 'Compute the identifier_hash of an identifier',
  args: ['<identifier>'],
  flags: tokenFlags,
  help: 'Prints the hash that setUser needs. The hash never expires: treat it like a password of this user.',
  example: 'user-1 --token-file ./hmac-token',
  async run(terminal, { json, 'token-file': tokenFile }, identifier) {
    const identifier_hash = identifierHash(await needToken(terminal, tokenFile), identifier!);
    if (json) printJson(terminal, { identifier, identifier_hash });
    else print(terminal, identifier_hash);
    return 0;
  },
});
