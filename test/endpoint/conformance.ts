import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import fc from 'fast-check';
import supertest, { type Response } from 'supertest';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  ADAS_IDENTITY,
  type AppOptions,
  DEFAULTS,
  DETAIL,
  PATH,
  type Row,
  SECRETS,
  SIGNED_IN,
  type StartApp,
} from './table.js';

/**
 * Starts the app of one row, calls `use`, and stops the app. Resolves with the result of `use` and the messages of all
 * errors that `onError` received.
 */
export type AskRow = <T>(
  row: Pick<Row, 'options'>,
  use: (ask: (asked: RowRequest) => Promise<Response>) => Promise<T>,
) => Promise<{ answer: T; reported: string[] }>;

/** Tests the rows with one framework. Each row has a separate server on a real socket. */
export function describeEndpoint(framework: string, start: StartApp, rows: readonly Row[]): void {
  describe(`the endpoint in ${framework}`, () => {
    const log = captureLog();
    testRows(
      rows,
      async (row, use) => {
        const reported: unknown[] = [];
        const options = { ...DEFAULTS, onError: (error: unknown) => reported.push(error), ...row.options };
        const answer = await serving(start, options, (url) => use((asked) => ask(url, asked)));
        for (const secret of SECRETS) expect(inspect(reported, { depth: null })).not.toContain(secret);
        return { answer, reported: reported.map((error) => (error as Error).message) };
      },
      () => log.join(''),
    );
  });
}

/**
 * Tests the rows. `askRow` starts the app of a row.
 *
 * @param log returns all text that the app has written to its console
 */
export function testRows(rows: readonly Row[], askRow: AskRow, log: () => string): void {
  // `%s`, because Vitest quotes and truncates `$must`.
  it.each(rows.map((row) => [row.must, row] as const))('must %s', async (_must, row) => {
    const { answer: response, reported } = await askRow(row, (ask) => ask(row));

    expect(response.status).toBe(row.answer.status);
    for (const [name, value] of Object.entries(row.answer.headers ?? {})) {
      expect([name, response.headers[name] ?? null]).toEqual([name, value]);
    }
    const { body } = row.answer;
    if (typeof body === 'string') expect(response.text ?? '').toBe(body);
    else if (body !== undefined) expect(JSON.parse(response.text)).toEqual(body);
    expect(reported).toEqual(row.reported ? [row.reported] : []);
    const whole = `${JSON.stringify(response.headers)}${response.text}`;
    for (const secret of [...SECRETS, DETAIL]) expect(whole).not.toContain(secret);
  });

  it('must take the user only from contact, and never from the request', async () => {
    const name = fc.constantFrom(
      ...['identifier', 'identifier_hash', 'id', 'user', 'user_id', 'contact', 'email', 'name', 'inbox'],
    );
    const value = fc.constantFrom('mallory', 'user-2', '', '[object Object]', '{"identifier":"mallory"}');
    const place = fc.constantFrom('query', 'header', 'cookie', 'body');
    const claims = fc.array(fc.tuple(place, name, value), { minLength: 1, maxLength: 6 });
    await askRow({}, (ask) =>
      fc.assert(
        fc.asyncProperty(claims, fc.boolean(), async (claimed, signedIn) => {
          const query = new URLSearchParams();
          const headers: Record<string, string> = {};
          const cookies = signedIn ? [SIGNED_IN.cookie] : [];
          const body: Record<string, string> = {};
          for (const [where, key, claim] of claimed) {
            if (where === 'query') query.append(key, claim);
            else if (where === 'header') headers[key] = claim;
            else if (where === 'body') body[key] = claim;
            else cookies.push(`${key}=${encodeURIComponent(claim)}`);
          }
          const { status, text } = await ask({
            path: `${PATH}?${query}`,
            headers: { ...headers, cookie: cookies.join('; ') },
            ...(Object.keys(body).length > 0 && { send: body }),
          });
          expect(status).toBe(signedIn ? 200 : 401);
          if (signedIn) expect(JSON.parse(text)).toEqual(ADAS_IDENTITY);
          else expect(text).not.toContain('identifier');
        }),
        { numRuns: 100 },
      ),
    );
  });

  it('must log errors, but no secrets', () => {
    expect(log()).toContain(DETAIL);
    for (const secret of SECRETS) expect(log()).not.toContain(secret);
  });
}

async function serving<T>(
  start: StartApp,
  options: AppOptions,
  use: (url: string) => Promise<T>,
): Promise<T> {
  const server: Server = await start(options);
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

export type RowRequest = Pick<Row, 'method' | 'path' | 'headers' | 'send'>;

export async function ask(
  url: string,
  { method = 'GET', path = PATH, headers = {}, send }: RowRequest,
): Promise<Response> {
  const verb = method.toLowerCase() as 'get';
  return await supertest(url)[verb](path).set(headers).send(send);
}

/** Collects all text that the process writes to the console, stdout and stderr while the suite runs. */
function captureLog(): string[] {
  const log: string[] = [];
  beforeAll(() => {
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      vi.spyOn(console, method).mockImplementation((...values) => {
        log.push(...values.map((value) => (typeof value === 'string' ? value : inspect(value))));
      });
    }
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((chunk) => {
        log.push(String(chunk));
        return true;
      });
    }
  });
  afterAll(() => {
    vi.restoreAllMocks();
  });
  return log;
}
