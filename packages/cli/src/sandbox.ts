import { once } from 'node:events';
import type { Sandbox } from '@chatwoot-identity/sandbox';
import { command } from './command.js';
import { Failure } from './failure.js';
import { print, printJson } from './terminal.js';
import { findToken, tokenFlags } from './token.js';

export const sandbox = command({
  summary: 'Start a Chatwoot inbox for local development',
  args: [],
  flags: {
    port: { type: 'string', value: '<port>', help: 'port on 127.0.0.1 (default: 3001)' },
    enforce: { type: 'boolean', help: 'start with "Enforce User Identity Validation" on' },
    ...tokenFlags,
  },
  help: `Starts an inbox that verifies and enforces hashes like Chatwoot, stores nothing, and accepts connections only from this machine. If no HMAC token is given, the command generates a token and prints it: this token is not a secret. CHATWOOT_WEBSITE_TOKEN sets the website token. Press Ctrl+C to stop the sandbox.`,
  example: '--port 3001 --enforce',
  async run(terminal, { json, enforce, port = '3001', ...values }) {
    const hmacToken = await findToken(terminal, values['token-file']);
    const inbox = await start({
      port: portOf(port),
      hmacToken,
      websiteToken: terminal.env.CHATWOOT_WEBSITE_TOKEN || undefined,
      hmacMandatory: enforce,
    });
    const { baseUrl, websiteToken } = inbox;
    const shown = hmacToken ? undefined : inbox.hmacToken;
    if (json) printJson(terminal, { baseUrl, websiteToken, hmacToken: shown, enforced: inbox.hmacMandatory });
    else {
      print(terminal, `Agent's side: ${baseUrl}\n`);
      print(terminal, `CHATWOOT_BASE_URL=${baseUrl}\nCHATWOOT_WEBSITE_TOKEN=${websiteToken}`);
      print(
        terminal,
        shown ? `CHATWOOT_HMAC_TOKEN=${shown}` : 'CHATWOOT_HMAC_TOKEN is the token that you passed.',
      );
      print(terminal, `\nEnforcement is ${inbox.hmacMandatory ? 'on' : 'off'}. Stop with Ctrl+C.`);
    }
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    await inbox.close();
    return 0;
  },
});

/** Starts the sandbox. The import is dynamic, because the other commands do not need the sandbox's web server. */
async function start(options: {
  port: number;
  hmacToken: string | undefined;
  websiteToken: string | undefined;
  hmacMandatory: boolean | undefined;
}): Promise<Sandbox> {
  const { startSandbox } = await import('@chatwoot-identity/sandbox');
  try {
    return await startSandbox(options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new Failure(`Port ${options.port} is in use. Choose another one with --port.`);
    if (code === 'EACCES')
      throw new Failure(`Port ${options.port} is reserved. Choose one above 1023 with --port.`);
    throw error;
  }
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new Failure('--port takes a number between 0 and 65535 (0: any free port).');
}
