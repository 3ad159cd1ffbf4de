import { type ParseArgsConfig, parseArgs } from 'node:util';
import { Failure } from './failure.js';
import { closest } from './spelling.js';
import { print, type Terminal } from './terminal.js';
import { wrap } from './wrap.js';

/**
 * 0: the hash is correct, or all checks passed. 1: the hash is wrong, or a check failed. 2: the command could not
 * run.
 */
export type ExitCode = 0 | 1 | 2;

type ParseArgsOption = NonNullable<ParseArgsConfig['options']>[string];

/** An option in the format of `parseArgs`, with its description in the help text. */
export type Flag = ParseArgsOption & {
  readonly help: string;
  /** The placeholder for the option's value in the help text. Omitted if the option has no value. */
  readonly value?: string;
};

type Flags = Readonly<Record<string, Flag>>;

type Value<F extends Flag> = F extends { type: 'boolean' }
  ? boolean
  : F extends { multiple: true }
    ? string[]
    : string;

type Values<F extends Flags> = { readonly [Name in keyof F]?: Value<F[Name]> | undefined };

/** A subcommand. */
export interface Command {
  readonly summary: string;
  /** The names of the arguments in the help text. Optional arguments come last, in brackets. */
  readonly args: readonly string[];
  readonly flags: Flags;
  readonly help: string;
  /** The arguments of the example in the help text. */
  readonly example: string;
  readonly run: (terminal: Terminal, values: Record<string, unknown>, ...args: string[]) => Promise<ExitCode>;
}

const everywhere = {
  json: { type: 'boolean', help: 'print JSON' },
  help: { type: 'boolean', short: 'h', help: 'print this text' },
} as const satisfies Flags;

/** Defines a command. `run` receives the options with the types that `flags` declares. */
export function command<const F extends Flags>(definition: {
  summary: string;
  args: readonly string[];
  flags: F;
  help: string;
  example: string;
  run: (terminal: Terminal, values: Values<F & typeof everywhere>, ...args: string[]) => Promise<ExitCode>;
}): Command {
  return { ...definition, flags: { ...definition.flags, ...everywhere } } as Command;
}

/** Runs a command with the arguments that follow its name. */
export async function runCommand(
  name: string,
  command: Command,
  words: string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const { values, positionals } = parse(name, command, words);
  if (values.help) {
    print(terminal, helpOf(name, command));
    return 0;
  }
  const required = command.args.filter((arg) => !arg.startsWith('['));
  if (positionals.length < required.length || positionals.length > command.args.length)
    throw misuse(name, `takes ${command.args.length === 0 ? 'no arguments' : command.args.join(' ')}`);
  return command.run(terminal, values, ...positionals);
}

function parse(name: string, { flags }: Command, words: string[]) {
  try {
    return parseArgs({ args: words, options: flags, allowPositionals: true });
  } catch (error) {
    // Do not print the error messages of parseArgs, because they can contain the input, which may be a token.
    const { code, message } = error as NodeJS.ErrnoException;
    const option = /'(?:-\w, )?(--?[\w-]+)/.exec(message)?.[1];
    if (option && /token$/.test(option) && code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
      throw misuse(
        name,
        'accepts no token on the command line, because other users can read it; use CHATWOOT_HMAC_TOKEN or --token-file',
      );
    }
    if (!option) throw misuse(name, 'was called with invalid options');
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
      const meant = closest(option.replace(/^-+/, ''), Object.keys(flags));
      const advice = meant
        ? `did you mean --${meant}?`
        : 'write -- before an argument that begins with a hyphen.';
      throw misuse(name, `has no option ${option}; ${advice}`);
    }
    const value = Object.hasOwn(flags, option.slice(2)) && flags[option.slice(2)]?.value;
    throw misuse(name, `takes ${option} ${value ? `with a value: ${option}=${value}` : 'without a value'}`);
  }
}

function misuse(name: string, what: string): Failure {
  return new Failure(`${name} ${what}${/[.?]$/.test(what) ? '' : '.'} See: chatwoot-identity help ${name}`);
}

/** The maximum width of the help text, even on wider terminals. */
const COLUMNS = 80;

function helpOf(name: string, { summary, args, flags, help, example }: Command): string {
  const rows = Object.entries(flags).map(
    ([flag, { short, value, help }]) =>
      [`${short ? `-${short}, ` : ''}--${flag}${value ? ` ${value}` : ''}`, help] as const,
  );
  const width = Math.max(...rows.map(([left]) => left.length));
  return [
    `${summary}\n`,
    `Usage: ${['chatwoot-identity', name, ...args, '[options]'].join(' ')}\n`,
    `${wrap(help, 0, COLUMNS)}\n`,
    `Example: ${wrap(`chatwoot-identity ${name} ${example}`, 9, COLUMNS)}\n`,
    'Options:',
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${wrap(right, width + 4, COLUMNS)}`),
  ].join('\n');
}
