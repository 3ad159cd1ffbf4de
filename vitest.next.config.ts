import { defineConfig } from 'vitest/config';

/** The rest of the Next.js tests: builds by the dozen, one after the other. */
export default defineConfig({
  test: {
    include: ['test/next/*.matrix.ts'],
    reporters: ['default', ['json', { outputFile: 'node_modules/.cache/vitest-next.json' }]],
    maxWorkers: 1,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
