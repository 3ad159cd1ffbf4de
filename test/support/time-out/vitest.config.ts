import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['time-out.fixture.ts'] } });
