import { check } from './check.js';
import { type Command, type ExitCode, runCommand } from './command.js';
import { doctor } from './doctor.js';
import { explain } from './explain.js';
import { hash } from './hash.js';
import { sandbox } from './sandbox.js';
import { closest } from './spelling.js';
import { print, printError, type Terminal } from './terminal.js';
import { verify } from './verify.js';
import { version } from './version.js';

const commands: Readonly<Record<string, Command>> = { hash, verify, explain, check, doctor, sandbox };

/**
 * Runs a subcommand and prints its results. Prints an error as a single line.
 *
 * @param words the arguments after the name of the program
 * @param terminal the streams and the environment to use
 * @returns the exit code: 0 for success, 1 for a wrong hash or a failed check, 2 if the command could not run
 */
export async function main([name = '--help', ...words]: string[], terminal: Terminal): Promise<ExitCode> {
  if (name === '--version' || name === '-v') return say(terminal, version);
  if (name === '--help' || name === '-h' || name === 'help') {
    const [topic] = words;
    return topic === undefined ? say(terminal, help()) : run(topic, ['--help'], terminal);
  }
  return run(name, words, terminal);
}

async function run(name: string, words: string[], terminal: Terminal): Promise<ExitCode> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) return complain(terminal, unknownCommand(name));
  try {
    return await runCommand(name, command, words, terminal);
  } catch (error) {
    return complain(terminal, error instanceof Error ? error.message : 'An unknown error occurred.');
  }
}

/** Returns the error message for an unknown command, without the command itself, which may be a token. */
function unknownCommand(name: string): string {
  const names = Object.keys(commands);
  const meant = closest(name, names);
  if (meant) return `Unknown command. Did you mean ${meant}?`;
  return `Unknown command. Commands: ${names.join(', ')}.`;
}

function say(terminal: Terminal, text: string): ExitCode {
  print(terminal, text);
  return 0;
}

function complain(terminal: Terminal, message: string): ExitCode {
  printError(terminal, `chatwoot-identity: ${message.split('\n', 1)[0]}`);
  return 2;
}

function help(): string {
  return [
    'Explains why Chatwoot rejects an identifier_hash, and checks that your app',
    'computes the correct hash.\n',
    'Usage: chatwoot-identity <command> [options]\n',
    'Commands:',
    ...Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(7)}  ${summary}`),
    '\nThe HMAC token of the inbox is read from CHATWOOT_HMAC_TOKEN, or from',
    '--token-file <path> (- for stdin).\n',
    'Exit codes: 0 if the hash is correct or all checks passed, 1 if the hash is',
    'wrong or a check failed, 2 if the command could not run.\n',
    'To list the options of a command: chatwoot-identity help <command>',
  ].join('\n');
}
