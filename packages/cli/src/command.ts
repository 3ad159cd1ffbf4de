import { type ParseArgsConfig, parseArgs } from 'node:util';
import { Failure } from './failure.js';

/** 0: yes, or all is well. 1: no, or a check failed. 2: it could not be done. */
export type ExitCode = 0 | 1 | 2;

type ParseArgsOption = NonNullable<ParseArgsConfig['options']>[string];

/** An option as `parseArgs` takes it, and what the help text says of it. */
export type Flag = ParseArgsOption & {
  readonly help: string;
  /** The name of its value in the help text; left out for switches. */
  readonly value?: string;
};

type Flags = Readonly<Record<string, Flag>>;

type Value<F extends Flag> = F extends { type: 'boolean' }
  ? boolean
  : F extends { multiple: true }
    ? string[]
    : string;

type Values<F extends Flags> = { readonly [Name in keyof F]?: Value<F[Name]> | undefined };

/** One subcommand. */
export interface Command {
  readonly summary: string;
  /** Its arguments, as the help text names them. */
  readonly args: readonly string[];
  readonly flags: Flags;
  readonly help: string;
  /** What one may type after the name of the program. */
  readonly example: string;
  readonly run: (values: Record<string, unknown>, ...args: string[]) => Promise<ExitCode>;
}

const everywhere = {
  json: { type: 'boolean', help: 'print JSON for machines' },
  help: { type: 'boolean', short: 'h', help: 'print this text' },
} as const satisfies Flags;

/** Defines a command: its options arrive in `run` with the types that `flags` gives them. */
export function command<const F extends Flags>(definition: {
  summary: string;
  args: readonly string[];
  flags: F;
  help: string;
  example: string;
  run: (values: Values<F & typeof everywhere>, ...args: string[]) => Promise<ExitCode>;
}): Command {
  return { ...definition, flags: { ...definition.flags, ...everywhere } } as Command;
}

/** Runs a command with the words that follow its name. */
export async function runCommand(name: string, command: Command, words: string[]): Promise<ExitCode> {
  const { values, positionals } = parse(name, command, words);
  if (values.help) {
    console.log(helpOf(name, command));
    return 0;
  }
  if (positionals.length !== command.args.length) throw misuse(name, `takes ${count(command.args)}`);
  return command.run(values, ...positionals);
}

function parse(name: string, { flags }: Command, words: string[]) {
  try {
    return parseArgs({ args: words, options: flags, allowPositionals: true });
  } catch (error) {
    // The words of parseArgs can repeat what was typed, and somebody may have typed a token.
    const { code, message } = error as NodeJS.ErrnoException;
    const option = /'(?:-\w, )?(--?[\w-]+)/.exec(message)?.[1];
    if (option && /token$/.test(option) && code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
      throw misuse(
        name,
        'takes no token on the command line, which others can see; use CHATWOOT_HMAC_TOKEN or --token-file',
      );
    }
    if (!option) throw misuse(name, 'does not understand these options');
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
      throw misuse(name, `has no option ${option}; write -- before an argument that begins with a dash`);
    }
    const value = Object.hasOwn(flags, option.slice(2)) && flags[option.slice(2)]?.value;
    throw misuse(name, `takes ${option} ${value ? `with a value: ${option}=${value}` : 'without a value'}`);
  }
}

const misuse = (name: string, what: string) =>
  new Failure(`${name} ${what}. See: chatwoot-identity ${name} --help`);

const count = (args: readonly string[]) => (args.length === 0 ? 'no arguments' : args.join(' '));

function helpOf(name: string, { summary, args, flags, help, example }: Command): string {
  const rows = Object.entries(flags).map(
    ([flag, { short, value, help }]) =>
      [`${short ? `-${short}, ` : ''}--${flag}${value ? ` ${value}` : ''}`, help] as const,
  );
  const width = Math.max(...rows.map(([left]) => left.length));
  return [
    `${summary}\n`,
    `Usage: ${['chatwoot-identity', name, ...args, '[options]'].join(' ')}\n`,
    `${help}\n`,
    `Example: chatwoot-identity ${name} ${example}\n`,
    'Options:',
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
  ].join('\n');
}
