import { defineConfig } from 'vitest/config';

/** `pnpm fuzz`: some 170,000 hostile inputs. FUZZ_SEED repeats a run. */
export default defineConfig({
  test: { include: ['test/fuzz/*.fuzz.ts'], fileParallelism: false, testTimeout: 240_000 },
});
