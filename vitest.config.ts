import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { browserScript } from './test/support/browser-script.js';

/**
 * Returns the configuration of one suite, which a script in `package.json` runs with `vitest run --project
 * NAME`.
 */
function suite(name: string, test: TestProjectInlineConfiguration['test']): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name,
      testTimeout: 120_000,
      hookTimeout: 120_000,
      expect: { poll: { timeout: 30_000 } },
      // Test names must contain complete values, because the reports suite searches for the names that
      // documents cite.
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
  // Tests import the packages from source, so that no test can pass because of an outdated build.
  ssr: { resolve: { conditions: ['source', 'module', 'node', 'development|production'] } },
  test: {
    reporters: ['default', ['json', { outputFile: 'node_modules/.cache/vitest.json' }]],
    onConsoleLog: (log) => !log.includes('is for development and tests only'),
    projects: [
      suite('test', {
        include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts'],
        globalSetup: [build, browser],
        // Tests spend most of their time waiting for Chromium, for processes, or for the three seconds in
        // which Chatwoot may refuse a user.
        maxWorkers: 5,
        // Each worker imports a module only once, which saves a quarter of the CPU time.
        isolate: false,
        setupFiles: 'test/support/restore.ts',
        sequence: { groupOrder: 0 },
      }),
      // This suite requires Redis, nginx, Varnish and an installed Chromium.
      suite('machine', {
        include: ['test/**/*.machine.ts'],
        globalSetup: build,
        maxWorkers: 3,
        sequence: { groupOrder: 1 },
      }),
      // This suite builds about twenty Next.js apps. A build uses little more than one core, and tests in
      // Chromium spend most of their time waiting.
      suite('next', {
        include: ['test/next/*.matrix.ts'],
        globalSetup: [build, browser, 'test/next/setup.ts'],
        maxWorkers: 3,
        testTimeout: 180_000,
        hookTimeout: 180_000,
        sequence: { groupOrder: 2 },
      }),
      // This suite tests the packages as users install them: packed, in new projects, on every supported Node
      // release.
      suite('packed', {
        include: ['test/packages/*.matrix.ts'],
        globalSetup: [build, browser, 'test/packages/setup.ts'],
        maxWorkers: 2,
        testTimeout: 180_000,
        hookTimeout: 180_000,
        sequence: { groupOrder: 3 },
      }),
      // This suite requires Bun, Deno and workerd, which new contributors need not download.
      suite('runtimes', {
        include: ['test/runtimes/*.runtime.ts'],
        globalSetup: [build, 'test/runtimes/setup.ts'],
        sequence: { groupOrder: 8 },
      }),
      // This suite tests apps of other frameworks with the packed packages, and the chat of the examples.
      suite('frameworks', {
        include: ['test/frameworks/*.matrix.ts', 'test/examples/*.matrix.ts'],
        globalSetup: [build, browser, 'test/frameworks/setup.ts'],
        testTimeout: 180_000,
        hookTimeout: 180_000,
        sequence: { groupOrder: 9 },
      }),
      // This suite sends about 170,000 hostile inputs. Set FUZZ_SEED to repeat a run with the same inputs.
      suite('fuzz', {
        include: ['test/fuzz/*.fuzz.ts'],
        maxWorkers: 2,
        testTimeout: 240_000,
        sequence: { groupOrder: 4 },
      }),
      // This suite sends many requests and logins, and simulates slow and misbehaving clients. Set SOAK_SEED to
      // repeat a run with the same requests.
      suite('soak', {
        include: ['test/soak/*.soak.ts'],
        globalSetup: [build, browser],
        maxWorkers: 2,
        testTimeout: 240_000,
        sequence: { groupOrder: 5 },
      }),
      // This suite checks the JSON reports of the other suites: each test that a document cites must have
      // passed.
      suite('reports', { include: ['test/docs/*.report.ts'], sequence: { groupOrder: 7 } }),
      // This suite requires Firefox and WebKit.
      suite('engines', {
        include: ['test/engines/*.engine.ts'],
        globalSetup: build,
        maxWorkers: 2,
        sequence: { groupOrder: 5 },
      }),
    ],
  },
});
