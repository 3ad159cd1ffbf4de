import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { faults, hmacToken, session, startEndpoint } from '../audits/faults.js';
import { run, runWithToken } from './run.js';

const signedIn = ['--cookie', session.cookie];

test('check passes for a correct endpoint', async () => {
  const endpoint = await startEndpoint();
  const { code, stdout, stderr } = await runWithToken('check', endpoint.url, ...signedIn);
  await endpoint.close();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/\n\n\d+ passed, 0 failed, 0 with warnings, 0 skipped\n$/);
});

// The tests in test/audits cover the audits themselves. The following tests cover the exit codes and outcomes
// of the command.
test.each([
  ['a response without no-store', 1, ['no-store fail']],
  ['a response without Vary', 0, ['vary warn']],
  ['a 200 response to POST', 1, ['own-user-post skip', 'methods fail', 'allow skip', 'problem skip']],
])('check exits with the documented code and outcomes for %s: %i, %j', async (name, expected, outcomes) => {
  const endpoint = await startEndpoint(faults.find((fault) => fault.name === name));
  const { code, stdout } = await runWithToken('check', endpoint.url, ...signedIn, '--json');
  await endpoint.close();
  const { audits } = JSON.parse(stdout) as { audits: { id: string; outcome: string; reason?: string }[] };
  const found = audits.filter(({ outcome }) => outcome !== 'pass');
  expect(found.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual(outcomes);
  for (const { reason } of found) expect(reason).toMatch(/^[A-Z].*\.$/);
  expect(code).toBe(expected);
  expect(stdout).not.toContain(hmacToken);
});

test('check prints the reason below a failed audit', async () => {
  const endpoint = await startEndpoint(
    faults.find(({ name }) => name === 'a hash with key and message swapped'),
  );
  const { stdout } = await runWithToken('check', endpoint.url, '--header', `Cookie: ${session.cookie}`);
  await endpoint.close();
  expect(stdout).toMatch(/\u2717 MUST sign the identifier .*\n {4}.*swapped/);
});

test('check lists the audits that it leaves out because they require a session or a token', async () => {
  const endpoint = await startEndpoint();
  const { code, stdout } = await run(['check', endpoint.url]);
  await endpoint.close();
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /- MUST sign the identifier .*\n {4}Needs --cookie or --header and the HMAC token \(CHATWOOT_HMAC_TOKEN or --token-file\)\./,
  );
  expect(stdout).toMatch(/- MUST respond to requests from other sites .*\n {4}Needs --cookie or --header\./);
});

test('check reports an unknown session once, and leaves out the audits that require a session', async () => {
  const endpoint = await startEndpoint();
  const { code, stdout } = await runWithToken('check', endpoint.url, '--cookie', 'session=gone');
  await endpoint.close();
  expect(code).toBe(1);
  expect(stdout.match(/Is the session still valid\?/g)).toHaveLength(1);
  expect(stdout).toMatch(/- MUST sign the identifier .*\n {4}Needs a session that is signed in\.\n/);
  expect(stdout).toMatch(
    /- MUST prevent all caches .*\n {4}The check passes for anonymous visitors\. .* pass a session\.\n/,
  );
  expect(stdout).toMatch(/\n5 passed, 1 failed, 0 with warnings, 13 skipped\n$/);
});

test.each([
  ['identity', 3, 1],
  ['fields', 6, 2],
])(
  'check reports an app that fails in the audit %s once, and leaves out the remaining audits',
  async (id, last, expected) => {
    let asked = 0;
    let closed: Promise<void> | undefined;
    const endpoint = await startEndpoint({
      request() {
        if (++asked === last) closed = endpoint.close();
      },
    });
    const { code, stdout } = await runWithToken('check', endpoint.url, ...signedIn, '--json');
    await closed;
    const { audits } = JSON.parse(stdout) as { audits: { id: string; outcome: string; reason?: string }[] };
    const [died, ...rest] = audits.slice(audits.findIndex(({ outcome }) => outcome !== 'pass'));
    expect([code, died]).toEqual([
      expected,
      expect.objectContaining({ id, reason: expect.stringContaining('closed') }),
    ]);
    expect(new Set(rest.map(({ outcome, reason }) => `${outcome} ${reason}`))).toEqual(
      new Set(['skip Needs an app that responds.']),
    );
  },
);

describe('check of a server that is not an identity endpoint', () => {
  let server: Server | undefined;
  afterEach(async () => {
    server?.close();
    await (server?.listening && once(server, 'close'));
  });

  async function serve(how: Server, scheme = 'http'): Promise<string> {
    server = how.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/chatwoot/identity`;
  }

  /** Returns a TCP server that calls `answer` when a connection receives its first bytes. */
  const raw = (answer: (socket: Socket) => void) =>
    createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => answer(socket));
    });

  const http = (head: string, body = '') => `HTTP/1.1 ${head}\r\nConnection: close\r\n\r\n${body}`;

  test.each<[what: string, server: () => Server, said: RegExp, scheme?: string]>([
    [
      'a web page',
      () => raw((s) => s.end(http('200 OK\r\nContent-Type: text/html', '<p>s3cret'))),
      /text\/html/,
    ],
    ['a missing page', () => raw((s) => s.end(http('404 Not Found'))), /nothing at this address/],
    ['a redirect loop', () => raw((s) => s.end(http('302 Found\r\nLocation: ?s3cret'))), /redirects \(302\)/],
    ['a TLS request to an HTTP server', () => raw((s) => s.end(http('200 OK'))), /TLS failed/, 'https'],
    [
      'an HTTP request to a TLS server',
      () => raw((s) => s.end('\x15\x03\x01\x00\x02\x02\x46')),
      /not valid HTTP/,
    ],
    ['a server that closes the connection', () => raw((s) => s.destroy()), /closed before/],
    [
      'an incomplete response',
      () => raw((s) => s.end('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{')),
      /closed before/,
    ],
    ['a server that does not respond', () => raw(() => {}), /No response within 0.5 seconds/],
    [
      'a server that never ends its response',
      () =>
        raw((s) =>
          s.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{'),
        ),
      /No response within 0.5 seconds/,
    ],
    [
      'a response of 10 MB',
      () =>
        createHttpServer((_q, r) => r.setHeader('Content-Type', 'application/json').end('x'.repeat(10 ** 7))),
      /longer than 1 MB/,
    ],
  ])('prints one line to stderr and exits with 2 for %s', async (_what, how, said, scheme) => {
    const sockets = new Set<Socket>();
    const url = await serve(
      how().on('connection', (socket: Socket) => void sockets.add(socket)),
      scheme,
    );
    const timeout = said.source.includes('0.5') ? '0.5' : '30';
    const { code, stdout, stderr } = await runWithToken(
      'check',
      url,
      '--cookie',
      's3cret=1',
      '--timeout',
      timeout,
    );
    for (const socket of sockets) socket.destroy();
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^chatwoot-identity: .+[.?]\n$/);
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(/s3cret|wyHV/);
  });

  test('prints one line to stderr and exits with 2 for a host that refuses the connection', async () => {
    const url = await serve(createServer());
    server!.close();
    await once(server!, 'close');
    const { code, stderr } = await runWithToken('check', url);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^chatwoot-identity: .*The connection was refused.*\n$/),
    ]);
  });

  test('prints one line to stderr and exits with 2 for an unknown host', async () => {
    const { code, stderr } = await runWithToken('check', 'http://shop.invalid/');
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^chatwoot-identity: shop\.invalid: .*\n$/)]);
  });
});
