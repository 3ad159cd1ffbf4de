import { check } from './check.js';
import { type Command, type ExitCode, runCommand } from './command.js';
import { doctor } from './doctor.js';
import { explain } from './explain.js';
import { hash } from './hash.js';
import { sandbox } from './sandbox.js';
import { verify } from './verify.js';
import { version } from './version.js';

const commands: Readonly<Record<string, Command>> = { hash, verify, explain, check, doctor, sandbox };

/**
 * The command line: runs one subcommand, prints what it finds, and turns every error into one line.
 *
 * @param words what was typed after the name of the program
 * @returns the exit code: 0 yes or well, 1 no or a failed check, 2 it could not be done
 */
export async function main([name = '--help', ...words]: string[]): Promise<ExitCode> {
  if (name === '--help' || name === '-h' || name === 'help') return say(help());
  if (name === '--version' || name === '-v') return say(version);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) return complain(`There is no such command. Commands: ${Object.keys(commands).join(', ')}.`);
  try {
    return await runCommand(name, command, words);
  } catch (error) {
    return complain(error instanceof Error ? error.message : 'Something unknown went wrong.');
  }
}

function say(text: string): ExitCode {
  console.log(text);
  return 0;
}

function complain(message: string): ExitCode {
  console.error(`chatwoot-identity: ${message.split('\n', 1)[0]}`);
  return 2;
}

function help(): string {
  return [
    'Says why Chatwoot refuses an identifier_hash, and checks that your app makes the right one.\n',
    'Usage: chatwoot-identity <command> [options]\n',
    'Commands:',
    ...Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(7)}  ${summary}`),
    '\nThe HMAC token of the inbox is read from CHATWOOT_HMAC_TOKEN, or from --token-file <path> (- for stdin).',
    'Exit codes: 0 yes, or all is well; 1 no, or a check failed; 2 it could not be done.',
    '\nchatwoot-identity <command> --help says more.',
  ].join('\n');
}
