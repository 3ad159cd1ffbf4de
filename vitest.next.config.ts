import { defineConfig } from 'vitest/config';

/** The rest of the Next.js tests: builds by the dozen. */
export default defineConfig({
  test: {
    include: ['test/next/*.matrix.ts'],
    reporters: ['default', ['json', { outputFile: 'node_modules/.cache/vitest-next.json' }]],
    // A build uses little more than one core.
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
