import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { root } from './references.js';

/** The number of code blocks in each document that a test extracts and runs. */
const RUN: Record<string, number> = {
  'docs/deployment.md': 2, // readme.test.ts
  'docs/migrating-from-intercom.md': 2, // migrating-from-intercom.test.ts
  'docs/mobile.md': 2, // mobile.test.ts
};

const documents = [
  ...[
    'architecture',
    'caching',
    'deployment',
    'frameworks',
    'migrating-from-intercom',
    'mobile',
    'performance',
  ],
  ...['security/threat-model', 'sessions', 'troubleshooting'],
].map((name) => `docs/${name}.md`);

const unindented = (code: string) => code.replaceAll(/^ +/gm, '');

describe.each(documents)('%s', (document) => {
  const text = readFileSync(new URL(document, root), 'utf8');
  const blocks = Array.from(
    text.matchAll(/(?:<!-- (?:from|recipe): (\S+) -->\n)?^```(\w*)\n(.*?)^```/gms),
    ([, path, language, code]) => ({ path, language: language!, code: code! }),
  );
  const code = blocks.filter(({ language }) => /^[jt]sx?$/.test(language));

  test('contains only code that a test runs or that comes from a file', () => {
    expect(code.filter(({ path }) => path === undefined)).toHaveLength(RUN[document] ?? 0);
    for (const { path, code: taken } of code) {
      if (path) expect(unindented(readFileSync(new URL(path, root), 'utf8'))).toContain(unindented(taken));
    }
  });

  test('contains code blocks only in the expected languages', () => {
    for (const { language } of blocks) expect(['', 'sh', 'js', 'jsx', 'ts']).toContain(language);
  });

  const commands = blocks
    .filter(({ language }) => language === 'sh')
    .flatMap(({ code }) => code.trim().split('\n'));
  test.each(commands)('contains a valid command: %s', (command) => {
    if (command.startsWith('npm install ')) {
      const installed = command.match(/(?<=@chatwoot-identity\/)\w+/g)!;
      for (const name of installed)
        expect(existsSync(new URL(`packages/${name}/package.json`, root))).toBe(true);
      return;
    }
    const [, subcommand, rest] = /^npx chatwoot-identity (\w+) (.*)$/.exec(command)!;
    const bin = fileURLToPath(new URL('packages/cli/dist/bin.js', root));
    const help = execFileSync(process.execPath, [bin, subcommand!, '--help'], { encoding: 'utf8' });
    for (const [flag] of rest!.matchAll(/--[\w-]+/g)) expect(help).toContain(flag);
  });
});
