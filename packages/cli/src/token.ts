import { createReadStream } from 'node:fs';
import type { Flag } from './command.js';
import { Failure } from './failure.js';
import { printError, type Terminal } from './terminal.js';

/**
 * The option for a file with the HMAC token. No option takes the token itself, because other users can read the
 * command line.
 */
export const tokenFlags = {
  'token-file': {
    type: 'string',
    value: '<path>',
    help: 'file with the HMAC token, - for stdin (default: CHATWOOT_HMAC_TOKEN)',
  },
} as const satisfies Record<string, Flag>;

/** Returns the HMAC token, or undefined if there is none. */
export async function findToken(terminal: Terminal, path: string | undefined): Promise<string | undefined> {
  return path === undefined ? terminal.env.CHATWOOT_HMAC_TOKEN || undefined : readTokenFile(terminal, path);
}

/** Returns the HMAC token. Throws a `Failure` if there is none. */
export async function needToken(terminal: Terminal, path: string | undefined): Promise<string> {
  const token = await findToken(terminal, path);
  if (token !== undefined) return token;
  throw new Failure(
    'The HMAC token is missing. Set CHATWOOT_HMAC_TOKEN, or pass --token-file <path> (- for stdin).',
  );
}

/** Returns the token in a file or in stdin (`-`), without a byte order mark and without trailing line breaks. */
export async function readTokenFile(terminal: Terminal, path: string): Promise<string> {
  const where = path === '-' ? 'stdin' : 'the token file';
  const content = await read(terminal, path);
  // In PowerShell, `>` writes UTF-16. An app that reads such a file as UTF-8 signs with a different key.
  if (/^(?:\xff\xfe|\xfe\xff)/.test(content.toString('latin1', 0, 2)))
    throw new Failure(`The text in ${where} is in UTF-16. Save it in UTF-8.`);
  const token = content
    .toString()
    .replace(/^\uFEFF/, '')
    .replace(/[\r\n]+$/, '');
  if (token.trim() === '') throw new Failure(`There is no token in ${where}.`);
  if (/^(?:export )?[A-Z_]+=/.test(token))
    throw new Failure(
      `The text in ${where} is an environment file. Pass only the token: the text after the equals sign.`,
    );
  return token;
}

/**
 * The maximum size of a token file in bytes. A token has 24 characters. Endless input (/dev/zero) must not fill the
 * memory.
 */
const LONGEST_FILE = 64 * 1024;

async function read(terminal: Terminal, path: string): Promise<Buffer> {
  const where = path === '-' ? 'stdin' : nameOf(path);
  if (path === '-' && terminal.stdin.isTTY)
    printError(terminal, 'Paste the token, then press Enter and Ctrl+D.');
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of path === '-' ? terminal.stdin : createReadStream(path)) {
      chunks.push(Buffer.from(chunk));
      length += chunk.length;
      if (length > LONGEST_FILE) break;
    }
  } catch (error) {
    throw new Failure(`The token cannot be read from ${where} (${(error as NodeJS.ErrnoException).code}).`);
  }
  if (length > LONGEST_FILE)
    throw new Failure(`There are more than 64 KB in ${where}. Pass a file that contains only the token.`);
  return Buffer.concat(chunks);
}

/** Returns the path for an error message, or an explanation without the path if the path looks like a token. */
function nameOf(path: string): string {
  if (/^["']?[A-Za-z0-9]{16,}["']?$/.test(path))
    return 'this file: the option takes the path of a file, not the token itself';
  return JSON.stringify(path);
}
