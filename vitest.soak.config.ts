import { defineConfig } from 'vitest/config';

/** `pnpm soak`: many requests, many logins, slow and rude clients. */
export default defineConfig({
  test: { include: ['test/soak/*.soak.ts'], fileParallelism: false, testTimeout: 240_000 },
});
