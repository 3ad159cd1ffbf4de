import { vi } from 'vitest';

// Runs before each test file. A worker runs several files in the same process, so this file undoes what the
// previous test file has replaced.
vi.restoreAllMocks();
vi.unstubAllEnvs();
vi.useRealTimers();

// @hono/node-server replaces these two classes. A stub makes vitest remember the original class.
vi.unstubAllGlobals();
vi.stubGlobal('Request', Request);
vi.stubGlobal('Response', Response);
