import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts'],
    reporters: ['default', ['json', { outputFile: 'node_modules/.cache/vitest.json' }]],
    // Tests mostly wait: for Chromium, for processes, for the three seconds in which Chatwoot may refuse.
    maxWorkers: 3,
    onConsoleLog: (log) => !log.includes('is for development and tests only'),
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
