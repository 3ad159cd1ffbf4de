import { defineConfig } from 'vitest/config';

/** The packages as strangers get them: packed, installed elsewhere, and run by every Node that is promised. */
export default defineConfig({
  test: {
    include: ['test/packed/*.matrix.ts'],
    globalSetup: 'test/packed/setup.ts',
    reporters: ['default', ['json', { outputFile: 'node_modules/.cache/vitest-packed.json' }]],
    onConsoleLog: (log) => !log.includes('is for development and tests only'),
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
