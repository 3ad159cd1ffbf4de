import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';

/** The database is global, because each bundle has a copy of this module and all copies must share the users. */
const memory = globalThis as { users?: Record<string, never[]> };
memory.users ??= { user: [], session: [], account: [], verification: [] };

export const auth = betterAuth({
  database: memoryAdapter(memory.users),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
});
