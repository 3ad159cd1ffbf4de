// @ts-check
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import next from 'next';

/**
 * Runs the example for `npm start next`. Does the same as `next dev`, but in this process. In production, use
 * `next build` and `next start`.
 */
process.env.NEXT_TELEMETRY_DISABLED ??= '1'; // also hides the notice about telemetry, which would appear above the two URLs
process.env.SESSION_SECRET ??= randomBytes(32).toString('hex');
const port = Number(process.env.PORT ?? 3000);
const app = next({
  dev: true,
  dir: fileURLToPath(new URL('.', import.meta.url)),
  hostname: 'localhost',
  port,
});
await app.prepare();
await once(createServer(app.getRequestHandler()).listen(port, 'localhost'), 'listening');
console.log(`The app:          http://localhost:${port}`);
