import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Flag } from './command.js';
import { Failure } from './failure.js';

/** Where the HMAC token comes from. Never from the command line: other users of the machine can read that. */
export const tokenFlags = {
  'token-file': {
    type: 'string',
    value: '<path>',
    help: 'file with the HMAC token, - for stdin (default: CHATWOOT_HMAC_TOKEN)',
  },
} as const satisfies Record<string, Flag>;

/** The HMAC token, or undefined when none is given. */
export async function findToken(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? process.env.CHATWOOT_HMAC_TOKEN || undefined : readTokenFile(path);
}

/** The HMAC token; it is a failure when there is none. */
export async function needToken(path: string | undefined): Promise<string> {
  const token = await findToken(path);
  if (token !== undefined) return token;
  throw new Failure(
    'The HMAC token is missing. Set CHATWOOT_HMAC_TOKEN, or give --token-file <path> (- for stdin).',
  );
}

/** The first line of a file, or of stdin: files end in a newline, and no token does. */
export async function readTokenFile(path: string): Promise<string> {
  let content: string;
  try {
    content = await (path === '-' ? text(process.stdin) : readFile(path, 'utf8'));
  } catch (error) {
    throw new Failure(`A token file cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
  const token = content.replace(/\r?\n$/, '');
  if (token.trim() === '')
    throw new Failure(`There is no token in ${path === '-' ? 'stdin' : 'the token file'}.`);
  return token;
}
