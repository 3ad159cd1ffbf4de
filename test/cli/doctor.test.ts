import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Sandbox, startSandbox } from '@chatwoot-identity/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hmacToken, run } from './run.js';

let sandbox: Sandbox;

interface Finding {
  id: string;
  outcome: string;
  line: string;
}

async function examine(own: Partial<Record<'baseUrl' | 'websiteToken' | 'hmacToken', string>> = {}) {
  const { baseUrl, websiteToken, hmacToken } = { ...sandbox.inbox, ...own };
  const args = [
    'doctor',
    '--base-url',
    baseUrl,
    '--website-token',
    websiteToken,
    '--yes',
    '--json',
    '--timeout',
    '5',
  ];
  const { code, stdout, stderr } = await run(args, { CHATWOOT_HMAC_TOKEN: hmacToken });
  expect(stdout + stderr).not.toContain(hmacToken);
  const findings = stdout ? (JSON.parse(stdout).findings as Finding[]) : [];
  return { code, stderr, outcomes: findings.map(({ id, outcome }) => `${id} ${outcome}`) };
}

describe('doctor with a Chatwoot server', () => {
  beforeEach(async () => {
    sandbox = await startSandbox();
  });

  afterEach(() => sandbox.close());

  it('warns if enforcement is off', async () => {
    expect(await examine()).toMatchObject({
      code: 0,
      outcomes: ['sdk pass', 'website-token pass', 'wrong-hash pass', 'right-hash pass', 'enforcement warn'],
    });
  });

  it('passes if enforcement is on', async () => {
    sandbox.hmacMandatory = true;
    const { code, outcomes } = await examine();
    expect([code, outcomes.at(-1)]).toEqual([0, 'enforcement pass']);
  });

  it('creates one contact, even if it runs twice, and announces it', async () => {
    const { stderr } = await examine();
    expect(stderr).toContain('This creates one contact named "chatwoot-identity doctor"');
    await examine();
    expect(sandbox.contacts.map(({ name }) => name)).toEqual(['chatwoot-identity doctor']);
  });

  it('accepts an address with a trailing slash', async () => {
    expect((await examine({ baseUrl: `${sandbox.baseUrl}/` })).code).toBe(0);
  });

  it('detects the token of another inbox or a rotated token', async () => {
    const { hmacToken } = sandbox.inbox;
    sandbox.rotateHmacToken();
    const { code, outcomes } = await examine({ hmacToken });
    expect([code, outcomes.at(-1)]).toEqual([1, 'right-hash fail']);
  });

  it('detects a website token that no inbox has', async () => {
    const { code, outcomes } = await examine({ websiteToken: 'NoSuchInbox' });
    expect([code, outcomes]).toEqual([1, ['sdk pass', 'website-token fail']]);
  });

  it('detects an address that is not a Chatwoot server', async () => {
    const { code, outcomes } = await examine({ baseUrl: `${sandbox.baseUrl}/nowhere` });
    expect([code, outcomes]).toEqual([1, ['sdk fail']]);
  });

  it('refuses the website token as the HMAC token before it creates anything', async () => {
    const { code, stderr } = await examine({ hmacToken: sandbox.websiteToken });
    expect([code, stderr]).toEqual([2, expect.stringContaining('The HMAC token is the website token')]);
    expect(sandbox.contacts).toEqual([]);
  });

  it('prints each line as soon as it is known, then the CSP and the checks that it cannot do', async () => {
    const { baseUrl, websiteToken, hmacToken } = sandbox.inbox;
    const env = {
      CHATWOOT_BASE_URL: baseUrl,
      CHATWOOT_WEBSITE_TOKEN: websiteToken,
      CHATWOOT_HMAC_TOKEN: hmacToken,
    };
    const { code, stdout } = await run(['doctor', '-y'], env);
    expect(code).toBe(0);
    expect(stdout).toContain('! Enforcement is off');
    expect(stdout).toContain(`    script-src 'self' ${baseUrl}\n`);
    expect(stdout).toContain(`    frame-src ${baseUrl}\n`);
    expect(stdout).toContain("    style-src 'self' 'unsafe-inline'\n");
    expect(stdout).toContain(`    connect-src 'self' ${baseUrl}\n`);
    expect(stdout).toContain('Not checked:');
  });

  it('names the variable if the address is not a URL', async () => {
    const { code, stderr } = await run(['doctor', '--yes'], {
      CHATWOOT_BASE_URL: '127.0.0.1:3001',
      CHATWOOT_WEBSITE_TOKEN: sandbox.websiteToken,
      CHATWOOT_HMAC_TOKEN: sandbox.hmacToken,
    });
    expect(code).toBe(2);
    expect(stderr).toContain('--base-url, or CHATWOOT_BASE_URL, must be the http(s) address of Chatwoot');
  });
});

describe('doctor with another server', () => {
  async function against(listener: RequestListener, { timeout = '30', path = '' } = {}) {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const args = [
      'doctor',
      '--base-url',
      baseUrl + path,
      '--website-token',
      'x',
      '--yes',
      '--timeout',
      timeout,
    ];
    const result = await run(args, { CHATWOOT_HMAC_TOKEN: hmacToken });
    server.closeAllConnections();
    server.close();
    return result;
  }

  it('stops waiting for a host that does not respond', async () => {
    const { code, stdout, stderr } = await against(() => {}, { timeout: '0.5' });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/\nchatwoot-identity: 127\.0\.0\.1:\d+: No response within 0\.5 seconds\.\n$/);
  });

  it('writes one second in the singular', async () => {
    const { stderr } = await against(() => {}, { timeout: '1' });
    expect(stderr).toContain('No response within 1 second.\n');
  });

  it.each(['https://chat.example.com', 'https://chat.example.com/support'])(
    'prints the new address, with its path, if the server redirects to %s',
    async (target) => {
      const { code, stdout } = await against((_request, response) => {
        response.writeHead(301, { Location: `${target}/packs/js/sdk.js` }).end();
      });
      expect(code).toBe(1);
      expect(stdout).toContain(`redirects. Use ${target}, here and in your pages.`);
    },
  );

  it('preserves the path of the address in requests and in its output', async () => {
    const asked: string[] = [];
    const { code, stdout, stderr } = await against(
      (request, response) => {
        asked.push(new URL(request.url!, 'http://x').pathname);
        response.writeHead(404).end();
      },
      { path: '/support/' },
    );
    expect([code, asked]).toEqual([1, ['/support/packs/js/sdk.js']]);
    expect(stderr).toMatch(/ at http:\/\/127\.0\.0\.1:\d+\/support\.\n$/);
    expect(stdout).toMatch(/not at http:\/\/127\.0\.0\.1:\d+\/support \(404\)/);
  });

  it('prints no Content-Security-Policy for an address without the SDK', async () => {
    const { code, stdout } = await against((_request, response) => response.writeHead(404).end());
    expect([code, stdout]).toEqual([1, expect.not.stringContaining('Content-Security-Policy')]);
    expect(stdout).toContain('Not checked:');
  });

  it('stops reading an endless response', async () => {
    const { code, stderr } = await against((_request, response) => {
      response.setHeader('Content-Type', 'text/javascript');
      const more = () => {
        while (response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    });
    expect([code, stderr]).toEqual([2, expect.stringContaining('The response is longer than 1 MB.')]);
  });

  it.each([
    [401, 'suspended'],
    [404, 'No inbox has this website token'],
    [429, 'limits the requests'],
    [500, 'The widget does not load (500)'],
    [200, 'The widget does not load (200)'],
  ])('explains a response of the widget with status %i', async (status, said) => {
    const { code, stdout } = await against((request, response) => {
      response.setHeader('Content-Type', 'text/javascript');
      response.writeHead(request.url === '/packs/js/sdk.js' ? 200 : status).end('{"error":"s3cret"}');
    });
    expect(code).toBe(1);
    expect(stdout).toContain(said);
    expect(stdout).not.toContain('s3cret');
  });

  it('detects a server that accepts every hash', async () => {
    const { code, stdout } = await against((request, response) => {
      response.setHeader('Content-Type', 'text/javascript');
      response.end(request.url?.startsWith('/widget') ? "window.authToken = 'a.b.c'" : '{}');
    });
    expect(code).toBe(1);
    expect(stdout).toContain('The response to a wrong hash is 200 instead of 401.');
  });

  it('prints which sites may show the chat', async () => {
    const { stdout } = await against((request, response) => {
      response.setHeader('Content-Type', 'text/javascript');
      response.setHeader('Content-Security-Policy', 'frame-ancestors https://shop.example.com');
      response.end(request.url?.startsWith('/widget') ? "window.authToken = 'a.b.c'" : '{}');
    });
    expect(stdout).toContain('Only these sites may show the chat: https://shop.example.com\n');
  });
});
