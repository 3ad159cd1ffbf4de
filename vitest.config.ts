import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { browserScript } from './test/support/browser-script.js';

/** One suite of `package.json`: `vitest run --project NAME`. */
function suite(name: string, test: TestProjectInlineConfiguration['test']): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name,
      testTimeout: 120_000,
      hookTimeout: 120_000,
      expect: { poll: { timeout: 30_000 } },
      // Test names contain whole values, because the reports suite looks for the names that documents cite.
      chaiConfig: { truncateThreshold: 200 },
      ...test,
    },
  };
}

// Child processes (examples, the command line, servers under load) run the built packages.
const build = 'test/support/build.ts';
const browser = 'test/support/unpack-chromium.ts';

export default defineConfig({
  plugins: [browserScript()],
  // Tests import the packages' sources, so that none can pass against an old build.
  ssr: { resolve: { conditions: ['source', 'module', 'node', 'development|production'] } },
  test: {
    reporters: ['default', ['json', { outputFile: 'node_modules/.cache/vitest.json' }]],
    onConsoleLog: (log) => !log.includes('is for development and tests only'),
    projects: [
      suite('test', {
        include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts'],
        globalSetup: [build, browser],
        // Tests mostly wait: for Chromium, for processes, for the three seconds in which Chatwoot may refuse.
        maxWorkers: 5,
        sequence: { groupOrder: 0 },
      }),
      // Needs Redis, nginx, Varnish and an installed Chromium.
      suite('machine', {
        include: ['test/**/*.machine.ts'],
        globalSetup: build,
        maxWorkers: 3,
        sequence: { groupOrder: 1 },
      }),
      // Builds some twenty Next.js apps. A build uses little more than one core, and tests in Chromium mostly wait.
      suite('next', {
        include: ['test/next/*.matrix.ts'],
        globalSetup: [build, browser, 'test/next/setup.ts'],
        maxWorkers: 3,
        testTimeout: 180_000,
        hookTimeout: 180_000,
        sequence: { groupOrder: 2 },
      }),
      // The packages as users get them: packed, installed in fresh projects, on every supported Node.
      suite('packed', {
        include: ['test/packages/*.matrix.ts'],
        globalSetup: [build, browser, 'test/packages/setup.ts'],
        maxWorkers: 2,
        testTimeout: 180_000,
        hookTimeout: 180_000,
        sequence: { groupOrder: 3 },
      }),
      // Bun, Deno and workerd, which new contributors need not download.
      suite('runtimes', {
        include: ['test/runtimes/*.runtime.ts'],
        globalSetup: [build, 'test/runtimes/setup.ts'],
        sequence: { groupOrder: 8 },
      }),
      // Apps of other frameworks, with the packed packages.
      suite('frameworks', {
        include: ['test/frameworks/*.matrix.ts'],
        globalSetup: [build, browser, 'test/frameworks/setup.ts'],
        testTimeout: 180_000,
        hookTimeout: 180_000,
        sequence: { groupOrder: 9 },
      }),
      // About 170,000 hostile inputs. FUZZ_SEED repeats a run.
      suite('fuzz', {
        include: ['test/fuzz/*.fuzz.ts'],
        fileParallelism: false,
        testTimeout: 240_000,
        sequence: { groupOrder: 4 },
      }),
      // Many requests, many logins, slow and misbehaving clients. SOAK_SEED repeats a run.
      suite('soak', {
        include: ['test/soak/*.soak.ts'],
        globalSetup: [build, browser],
        fileParallelism: false,
        testTimeout: 240_000,
        sequence: { groupOrder: 5 },
      }),
      // Checks the JSON reports of the other suites: each test that a document cites must have run and passed.
      suite('reports', { include: ['test/docs/*.report.ts'], sequence: { groupOrder: 7 } }),
      // Firefox and WebKit.
      suite('engines', {
        include: ['test/engines/*.engine.ts'],
        globalSetup: build,
        maxWorkers: 2,
        sequence: { groupOrder: 6 },
      }),
    ],
  },
});
