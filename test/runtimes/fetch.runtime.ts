import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ask as askEndpoint, testRows } from '../endpoint/conformance.js';
import { ENDPOINT, MIDDLEWARE } from '../endpoint/table.js';
import { type InjectionCase, injectionCases } from '../injection/cases.js';
import { testInjectionAnswers } from '../injection/conformance.js';
import { type Answer, ask } from '../support/http.js';
import { testServer } from './server-tests.js';
import { type Running, start } from './start.js';

const ROWS = [...ENDPOINT, ...MIDDLEWARE];

const RUNTIMES = ['bun', 'deno', 'workerd'] as const;

test.each(RUNTIMES)('%s is installed', (runtime) => {
  expect(inject('runtimes')[runtime]).toEqual({ program: expect.any(String) });
});

describe.each(RUNTIMES)('the Fetch adapter in %s', (runtime) => {
  let server: Running;
  beforeAll(async () => {
    server = await start(runtime);
  });
  afterAll(() => server?.stop());

  /** Sends one request to an app of app.ts. */
  const answer = (app: string, { method = 'GET', headers }: InjectionCase['request'] = {}): Promise<Answer> =>
    ask(server.url, { method, headers: { ...headers, 'x-app': app } });

  describe('the endpoint', () => {
    testRows(
      ROWS,
      async (row, use) => {
        const index = Math.max(ROWS.indexOf(row as never), 0); // the first row sets no options
        const result = await use(({ headers, ...asked }) =>
          askEndpoint(server.url, { ...asked, headers: { ...headers, 'x-app': `row ${index}` } }),
        );
        return { answer: result, reported: JSON.parse(String((await answer('reported')).body)) };
      },
      () => server.log(),
    );
  });

  testInjectionAnswers(
    'the injection',
    (page, inject, request) => answer(`case ${injectionCases.indexOf(page)} ${inject ?? 'alone'}`, request),
    'server',
  );

  testServer(() => server.url, runtime === 'workerd');
});
