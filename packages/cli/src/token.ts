import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
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

/** The token in a file, or in stdin, without the line break that files end in and the mark that some begin with. */
export async function readTokenFile(path: string): Promise<string> {
  const where = path === '-' ? 'stdin' : 'the token file';
  const content = await read(path);
  // PowerShell's > writes UTF-16, and an app that reads such a file as UTF-8 signs with something else.
  if (/^(?:\xff\xfe|\xfe\xff)/.test(content.toString('latin1', 0, 2)))
    throw new Failure(`The text in ${where} is in UTF-16. Save it in UTF-8.`);
  const token = content
    .toString()
    .replace(/^\uFEFF/, '')
    .replace(/[\r\n]+$/, '');
  if (token.trim() === '') throw new Failure(`There is no token in ${where}.`);
  if (/^(?:export )?[A-Z_]+=/.test(token))
    throw new Failure(
      `There is an environment file in ${where}. Give the token alone: what stands after the equals sign.`,
    );
  return token;
}

async function read(path: string): Promise<Buffer> {
  if (path === '-' && process.stdin.isTTY) console.error('Paste the token, then press Enter and Ctrl+D.');
  try {
    return await (path === '-' ? buffer(process.stdin) : readFile(path));
  } catch (error) {
    throw new Failure(`A token file cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}
