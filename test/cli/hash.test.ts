import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it, test } from 'vitest';
import { bin, environment, hmacToken, run, runProcess, runWithToken } from './run.js';

// chatwoot/chatwoot#4798
const hash = '45e289a669fbb7b4f7c09b3c68734dd9c52d508aba109dc7543c8133e0ec98be';

const tokenFile = async (content: string | Buffer) => {
  const path = join(await mkdtemp(join(tmpdir(), 'chatwoot-identity-')), 'token');
  await writeFile(path, content);
  return path;
};

describe('the command hash', () => {
  it('reads the token from the environment', async () => {
    expect(await runWithToken('hash', 'test')).toEqual({ code: 0, stdout: `${hash}\n`, stderr: '' });
  });

  it('reads the token from a file with a newline at its end', async () => {
    const path = await tokenFile(`${hmacToken}\n`);
    expect((await run(['hash', 'test', '--token-file', path])).stdout).toBe(`${hash}\n`);
  });

  it('reads the token from stdin', async () => {
    expect((await run(['hash', 'test', '--token-file=-'], {}, { stdin: `${hmacToken}\r\n` })).stdout).toBe(
      `${hash}\n`,
    );
  });

  it('reads the token from a file that Notepad has saved', async () => {
    const path = await tokenFile(`\uFEFF${hmacToken}\r\n`);
    expect((await run(['hash', 'test', '--token-file', path])).stdout).toBe(`${hash}\n`);
  });

  it.each([
    [
      'in UTF-16, as PowerShell writes it',
      Buffer.from(`\uFEFF${hmacToken}\r\n`, 'utf16le'),
      /UTF-16\. Save it in UTF-8/,
    ],
    ['that is an environment file', `CHATWOOT_HMAC_TOKEN=${hmacToken}\n`, /environment file/],
  ])('refuses a token file %s', async (_what, content, said) => {
    const { code, stdout, stderr } = await run(['hash', 'test', '--token-file', await tokenFile(content)]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(said);
    expect(stderr).not.toContain(hmacToken);
  });

  it('prefers --token-file to the environment', async () => {
    const path = await tokenFile(hmacToken);
    const { stdout } = await run(['hash', 'test', '--token-file', path], { CHATWOOT_HMAC_TOKEN: 'another' });
    expect(stdout).toBe(`${hash}\n`);
  });

  it('prints JSON with --json', async () => {
    const { stdout } = await runWithToken('hash', 'test', '--json');
    expect(JSON.parse(stdout)).toEqual({ identifier: 'test', identifier_hash: hash });
  });

  it('signs an identifier that begins with a hyphen', async () => {
    const { code, stdout } = await runWithToken('hash', '--', '-42');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^[0-9a-f]{64}\n$/) });
  });
});

describe('the command verify', () => {
  it('prints that the hash is right and exits with 0', async () => {
    expect(await runWithToken('verify', 'test', hash)).toMatchObject({
      code: 0,
      stdout: '\u2713 The hash is correct.\n',
    });
    expect(JSON.parse((await runWithToken('verify', 'test', hash, '--json')).stdout)).toEqual({
      matches: true,
    });
  });

  it.each(['', 'abc', hash.toUpperCase(), `${hash} `])(
    'prints that the hash is wrong and exits with 1 for %j',
    async (wrong) => {
      expect((await runWithToken('verify', 'test', wrong)).code).toBe(1);
      const { code, stdout } = await runWithToken('verify', 'test', wrong, '--json');
      expect([code, JSON.parse(stdout)]).toEqual([1, { matches: false }]);
    },
  );
});

describe('the command explain', () => {
  it('prints the mistake and its fix, and exits with 1', async () => {
    const { code, stdout } = await runWithToken('explain', 'test', hash.toUpperCase());
    expect(code).toBe(1);
    expect(stdout).toMatch(/^\u2717 .*upper case.* \[upper_case\]\n {4}.*\n$/);
  });

  it('recognises the hash of a blank identifier', async () => {
    const signed = createHmac('sha256', hmacToken).update('').digest('hex');
    const { code, stdout } = await runWithToken('explain', '', signed);
    expect([code, stdout]).toEqual([1, expect.stringContaining('[empty_identifier]')]);
  });

  it('suggests where to look if the hash is right but Chatwoot refuses it, and exits with 0', async () => {
    const { code, stdout } = await runWithToken('explain', 'test', hash);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^\u2713 .*correct\.\n {4}.*doctor tests whether it belongs to the inbox\.\n/),
    ]);
  });

  it('reports that a text cannot be a hash', async () => {
    const { code, stdout } = await runWithToken('explain', 'test', hash.slice(0, 8));
    expect([code, stdout]).toEqual([1, expect.stringContaining('[hash_malformed]')]);
  });

  it('finds no mistake for an unrelated hash', async () => {
    const { code, stdout } = await runWithToken('explain', 'test', 'f'.repeat(64), '--json');
    expect([code, JSON.parse(stdout)]).toEqual([1, { matches: false, causes: [] }]);
  });

  it('interprets the quotes of a token as a possible mistake', async () => {
    const explained = async (identifierHash: string) => {
      const env = { CHATWOOT_HMAC_TOKEN: `"${hmacToken}"` };
      const { code, stdout } = await run(['explain', 'test', identifierHash, '--json'], env);
      return [code, JSON.parse(stdout).causes.map(({ code }: { code: string }) => code)];
    };
    const quoted = createHmac('sha256', `"${hmacToken}"`).update('test').digest('hex');
    expect(await explained(quoted)).toEqual([1, ['token_quoted']]);
    expect(await explained(hash)).toEqual([0, []]);
    expect(await explained('f'.repeat(64))).toEqual([1, []]);
  });

  it('tries the email address, the website token and other tokens as causes', async () => {
    const made = async (token: string, identifier: string) =>
      (await run(['hash', identifier], { CHATWOOT_HMAC_TOKEN: token })).stdout.trim();
    const codes = async (identifierHash: string, ...flags: string[]) => {
      const { stdout } = await runWithToken('explain', 'test', identifierHash, '--json', ...flags);
      return JSON.parse(stdout).causes.map(({ code }: { code: string }) => code);
    };
    const email = '--email=ada@example.com';
    expect(await codes(await made(hmacToken, 'ada@example.com'), email)).toEqual(['email_signed']);
    expect(await codes(await made('PublicToken', 'test'), '--website-token=PublicToken')).toEqual([
      'website_token',
    ]);
    const other = `--other-token=staging=${await tokenFile('OtherInboxToken\n')}`;
    expect(await codes(await made('OtherInboxToken', 'test'), other)).toEqual(['other_token']);
  });

  it('detects a newline in the environment variable', async () => {
    const spoilt = `${hmacToken}\n`;
    const { stdout } = await run(['explain', 'test', hash, '--json'], { CHATWOOT_HMAC_TOKEN: spoilt });
    expect(JSON.parse(stdout).matches).toBe(true);
    const refused = await run(['hash', 'test'], { CHATWOOT_HMAC_TOKEN: spoilt });
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('line break') });
  });
});

test.each<[why: string, args: string[], said: RegExp, env?: Record<string, string>]>([
  [
    'an unknown command',
    ['s3cret'],
    /Unknown command\. Commands: hash, verify, explain, check, doctor, sandbox\.$/m,
  ],
  ['a misspelled command', ['exlpain', 'test', hash], /Unknown command\. Did you mean explain\?$/m],
  ['help for a misspelled command', ['help', 'docter'], /Did you mean doctor\?$/m],
  [
    'a misspelled option',
    ['check', 'http://localhost', '--cokie=s3cret'],
    /no option --cokie; did you mean --cookie\?/,
  ],
  ['a command with the name of an object property', ['toString'], /Unknown command/],
  ['no token', ['hash', 'test'], /CHATWOOT_HMAC_TOKEN/, {}],
  ['an empty token', ['hash', 'test'], /CHATWOOT_HMAC_TOKEN/, { CHATWOOT_HMAC_TOKEN: '' }],
  [
    'a missing token file',
    ['hash', 'test', '--token-file', '/nowhere/hmac-token'],
    /The token cannot be read from "\/nowhere\/hmac-token" \(ENOENT\)\./,
  ],
  [
    'a missing file of another token',
    ['explain', 'test', hash, '--other-token', 'staging=./nowhere'],
    /from "\.\/nowhere" \(ENOENT\)/,
  ],
  ['a token file that is a folder', ['hash', 'test', '--token-file', '/'], /EISDIR/],
  [
    'a token instead of the path of a file',
    ['hash', 'test', '--token-file', hmacToken],
    /takes the path of a file, not the token itself/,
  ],
  ['an endless token file', ['hash', 'test', '--token-file', '/dev/zero'], /more than 64 KB/],
  ['an empty stdin', ['hash', 'test', '--token-file', '-'], /no token in stdin/],
  ['the token as an option', ['hash', 'test', '--token', 's3cret'], /no token on the command line/],
  [
    'the token as an option with an equals sign',
    ['hash', 'test', '--hmac-token=s3cret'],
    /no token on the command line/,
  ],
  ['an unknown option', ['hash', 'test', '--s3cret=1'], /./],
  ['an unknown short option', ['hash', 'test', '-s'], /no option -s/],
  ['an identifier that begins with a hyphen', ['hash', '-42'], /write --/],
  ['a flag with a value', ['hash', 'test', '--json=s3cret'], /--json without a value/],
  ['an option without its value', ['sandbox', '--port'], /--port=<port>/],
  [
    'an option without its value, followed by another option',
    ['sandbox', '--port', '--enforce'],
    /--port=<port>/,
  ],
  ['no identifier', ['hash'], /takes <identifier>/],
  ['too many arguments', ['hash', 'test', 's3cret'], /takes <identifier>/],
  ['too many arguments for doctor', ['doctor', 's3cret'], /takes no arguments/],
  ['an empty identifier', ['hash', ''], /empty or blank/],
  ['an empty identifier to explain', ['explain', '', hash], /empty or blank/],
  ['a blank identifier to explain', ['explain', ' ', hash, '--json'], /empty or blank/],
  ['the text of a missing value', ['hash', 'undefined'], /missing value/],
  ['a long identifier', ['hash', 'x'.repeat(256)], /255/],
  ['another token without a name', ['explain', 'test', hash, '--other-token', 's3cret'], /name and a file/],
  ['no address', ['check', 's3cret'], /http\(s\) address/],
  ['neither an endpoint nor a page', ['check'], /address of the endpoint, --page <url>, or both/],
  ['a header without a name', ['check', 'http://localhost', '--header', 's3cret'], /name and a value/],
  ['an invalid header', ['check', 'http://localhost', '--cookie', 's3cret\r\nx: y'], /characters/],
  ['an invalid timeout', ['check', 'http://localhost', '--timeout', 'soon'], /number of seconds/],
  ['doctor without an address', ['doctor', '--website-token', 'x'], /--base-url/],
  ['doctor without a website token', ['doctor', '--base-url', 'http://localhost'], /--website-token/],
  [
    'doctor with an invalid address',
    ['doctor', '--base-url', 's3cret', '--website-token', 'x'],
    /http\(s\) address/,
  ],
  [
    'doctor with a password in the address',
    ['doctor', '--base-url', 'https://a:s3cret@b.example', '--website-token', 'x'],
    /bare address/,
  ],
  ['a password in the address', ['check', 'http://a:s3cret@localhost/'], /Authorization: Basic/],
  ['a quoted token', ['hash', 'test'], /has quotes around it/, { CHATWOOT_HMAC_TOKEN: `"${hmacToken}"` }],
  [
    'a token with a newline in check',
    ['check', 'http://localhost'],
    /line break/,
    { CHATWOOT_HMAC_TOKEN: `${hmacToken}\n` },
  ],
  ['doctor without --yes', ['doctor', '--base-url', 'http://localhost', '--website-token', 'x'], /--yes/],
  ['an invalid port', ['sandbox', '--port', '99999'], /0 and 65535/],
])(
  'every command prints one line to stderr, without the secret, and exits with 2 for %s',
  async (_why, args, said, env = { CHATWOOT_HMAC_TOKEN: hmacToken }) => {
    const { code, stdout, stderr } = await run(args, env);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^(This creates one contact.*\n)?chatwoot-identity: .+\n$/);
    expect(stderr).toMatch(said);
    expect(stderr.replace('no option --s3cret', '')).not.toMatch(/s3cret|wyHV/);
  },
);

test('stops reading an endless pipe after 64 KB', async () => {
  const stdin = new Readable({
    read() {
      this.push('x'.repeat(1024));
    },
  });
  const { code, stderr } = await run(['hash', 'test', '--token-file', '-'], {}, { stdin });
  expect([code, stderr]).toEqual([2, expect.stringContaining('There are more than 64 KB in stdin.')]);
  expect(stdin.destroyed).toBe(true);
});

test('escapes characters that could change the display of a terminal', async () => {
  const unescaped = ['\u001b', '\u009b', '\u202e', '\u2066'];
  const hostile = 'user\u202e1\u009b31m\u2066\u001b[0m';
  const { stdout } = await runWithToken('hash', hostile, '--json');
  expect(unescaped.filter((character) => stdout.includes(character))).toEqual([]);
  expect(JSON.parse(stdout).identifier).toBe(hostile);
  const other = `--other-token=${hostile}=${await tokenFile('OtherInboxToken')}`;
  const signed = createHmac('sha256', 'OtherInboxToken').update('test').digest('hex');
  const explained = await runWithToken('explain', 'test', signed, other);
  expect(explained.stdout).toContain(String.raw`user\u202e1\u009b31m\u2066\u001b[0m`);
  const failed = await runWithToken('hash', 'test', '--token-file', `./${hostile}`);
  expect(failed.stderr).toContain(String.raw`\u202e1\u009b31m\u2066`);
  expect(unescaped.filter((character) => failed.stderr.includes(character))).toEqual([]);
});

describe('help', () => {
  it.each([[], ['--help'], ['-h'], ['help']])('lists all commands for the arguments %j', async (...args) => {
    const { code, stdout } = await run(args);
    expect(code).toBe(0);
    for (const name of ['hash', 'verify', 'explain', 'check', 'doctor', 'sandbox'])
      expect(stdout).toContain(`  ${name} `);
  });

  it.each(['hash', 'verify', 'explain', 'check', 'doctor', 'sandbox'])(
    'fits the usage of %s into 80 columns',
    async (name) => {
      const { code, stdout } = await run([name, '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain(`Usage: chatwoot-identity ${name}`);
      expect(stdout).toContain(`Example: chatwoot-identity ${name} `);
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
      expect((await run(['help', name])).stdout).toBe(stdout);
    },
  );

  it('prints the version', async () => {
    expect((await run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

test('wraps whole words in a narrow terminal, and indents continuation lines', async () => {
  const swapped = createHmac('sha256', 'test').update(hmacToken).digest('hex');
  const env = { CHATWOOT_HMAC_TOKEN: hmacToken };
  const { stdout } = await run(['explain', 'test', swapped], env, { columns: 40 });
  const [mark, ...rest] = stdout.trimEnd().split('\n');
  expect(mark).toMatch(/^\u2717 Key and message/);
  for (const line of [mark!, ...rest]) expect(line.length).toBeLessThanOrEqual(40);
  for (const line of rest) expect(line).toMatch(/^( {2}| {4})\S/);
  const wide = (await runWithToken('explain', 'test', swapped)).stdout;
  expect(stdout.replace(/\s+/g, ' ')).toBe(wide.replace(/\s+/g, ' '));
});

test('the built command reads the token from stdin and exits with the exit code of the command', async () => {
  const words = ['verify', 'test', 'wrong', '--token-file', '-'];
  expect(await runProcess(words, {}, `${hmacToken}\n`)).toMatchObject({ code: 1, stderr: '' });
  expect((await runProcess(['nonsense'])).code).toBe(2);
});

test('the built command exits without an error if the reader closes the pipe early', async () => {
  const child = spawn(process.execPath, [bin, 'hash', 'test'], {
    env: environment({ CHATWOOT_HMAC_TOKEN: hmacToken }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect([code, stderr]).toEqual([0, '']);
});

describe('colours in the output', () => {
  const colour = '\u001b[';
  const verify = (env: Record<string, string>) =>
    runProcess(['verify', 'test', hash], { CHATWOOT_HMAC_TOKEN: hmacToken, ...env }).then(
      ({ stdout }) => stdout,
    );

  it('are printed with FORCE_COLOR, but not with NO_COLOR or into a pipe', async () => {
    expect(await verify({ FORCE_COLOR: '1' })).toContain(colour);
    expect(await verify({ NO_COLOR: '1' })).not.toContain(colour);
    expect(await verify({})).not.toContain(colour);
  });
});
