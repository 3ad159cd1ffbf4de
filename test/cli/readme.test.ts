import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { endpointAudits, pageAudits } from '@chatwoot-identity/diagnostics';
import { startSandbox } from '@chatwoot-identity/sandbox';
import { expect, test } from 'vitest';
import { faults, startEndpoint } from '../audits/faults.js';
import { runWithToken, startSandboxCommand } from './run.js';

const path = fileURLToPath(new URL('../../packages/cli/README.md', import.meta.url));

// The addresses in the README: an app with a mistake, and a Chatwoot server.
const APP = 'http://localhost:3000/chatwoot/identity';
const CHATWOOT = 'http://localhost:3001';

/**
 * Returns the first output of the sandbox command, which runs until it is stopped. Replaces the port and the
 * random tokens by those in the README.
 */
async function outputOfSandbox(): Promise<string> {
  const { child, printed } = await startSandboxCommand({});
  const exited = once(child, 'exit');
  child.kill();
  await exited;
  return printed
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, 'http://127.0.0.1:3001')
    .replace(/(WEBSITE_TOKEN)=\w{24}$/m, '$1=Ab3dEf6hJkLmNpQrStUvWxYz')
    .replace(/(HMAC_TOKEN)=\w{24}$/m, '$1=wyHVRZzzJhjPMKR2h7LpeJVy');
}

/** Returns a Markdown table in the format of the README. */
function tableOf([head, ...rows]: string[][]): string {
  const widths = head!.map((_cell, column) =>
    Math.max(...[head!, ...rows].map((row) => row[column]!.length)),
  );
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(head!), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/**
 * Compares every block of the README with the current output of its commands. To update the README, run:
 * vitest run test/cli/readme.test.ts -u
 */
test('the README shows the current output of the commands', { timeout: 60_000 }, async () => {
  const readme = await readFile(path, 'utf8');
  const app = await startEndpoint(faults.find(({ name }) => name === 'a hash with key and message swapped'));
  const websiteToken = 'Ab3dEf6hJkLmNpQrStUvWxYz';
  const chatwoot = await startSandbox({ hmacToken: 'wyHVRZzzJhjPMKR2h7LpeJVy', websiteToken });
  const addresses = [
    [APP, app.url],
    [CHATWOOT, chatwoot.baseUrl],
  ] as const;

  async function outputOf(command: string): Promise<string> {
    let words = command;
    for (const [shown, real] of addresses) words = words.replace(shown, real);
    const [name, ...args] = words.split(' ');
    if (name === 'sandbox') return outputOfSandbox();
    const { stdout, stderr } = await runWithToken(name!, ...args);
    return addresses.reduce((text, [shown, real]) => text.replaceAll(real, shown), stderr + stdout);
  }

  let written = readme;
  for (const [block] of readme.matchAll(/```console\n.*?```/gs)) {
    const commands = block.split('\n').filter((line) => line.startsWith('$ '));
    const outputs = await Promise.all(
      commands.map(async (line) => {
        const command = /^\$ npx chatwoot-identity (.*)$/.exec(line)?.[1];
        return `${line}\n${command ? await outputOf(command) : ''}`;
      }),
    );
    written = written.replace(block, () => `\`\`\`console\n${outputs.join('')}\`\`\``);
  }
  await Promise.all([app.close(), chatwoot.close()]);

  const tables = {
    audits: ['The endpoint', endpointAudits({ url: APP, session: {}, hmacToken: '' })],
    'page-audits': ['The page', pageAudits({ url: APP })],
  } as const;
  for (const [mark, [subject, audits]] of Object.entries(tables)) {
    const table = tableOf([
      ['Audit', 'Level', subject],
      ...audits.map(({ id, level, name }) => [`\`${id}\``, level, name.slice(level.length + 1)]),
    ]);
    written = written.replace(
      new RegExp(`(<!-- ${mark} -->\n).*(<!-- /${mark} -->)`, 's'),
      (_all, head, foot) => `${head}${table}\n${foot}`,
    );
  }
  await expect(written).toMatchFileSnapshot(path);
});
