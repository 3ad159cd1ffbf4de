import { defineConfig } from 'vitest/config';

/** The main stories in Chromium, Firefox and WebKit. */
export default defineConfig({
  test: {
    include: ['test/engines/*.engine.ts'],
    reporters: ['default', ['json', { outputFile: 'node_modules/.cache/vitest-engines.json' }]],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
