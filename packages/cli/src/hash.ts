import { identifierHash } from '@chatwoot-identity/core';
import { command } from './command.js';
import { printJson } from './report.js';
import { needToken, tokenFlags } from './token.js';

export const hash = command({
  summary: 'Make the identifier_hash of an identifier',
  args: ['<identifier>'],
  flags: tokenFlags,
  help: 'Prints the hash that setUser needs. It never expires: treat it as the password of this user.',
  example: 'user-1 --token-file ./hmac-token',
  async run({ json, 'token-file': tokenFile }, identifier) {
    const identifier_hash = identifierHash(await needToken(tokenFile), identifier!);
    if (json) printJson({ identifier, identifier_hash });
    else console.log(identifier_hash);
    return 0;
  },
});
